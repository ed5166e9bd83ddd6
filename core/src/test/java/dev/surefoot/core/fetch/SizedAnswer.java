package dev.surefoot.core.fetch;

import dev.surefoot.core.records.Lease;

/** An answer of some size that the application reads at some time. */
final class SizedAnswer implements Lease {
    private final int bytes;
    private boolean held = true;

    SizedAnswer(int bytes) {
        this.bytes = bytes;
    }

    @Override
    public void retain() {}

    @Override
    public void release() {
        held = false;
    }

    @Override
    public boolean held() {
        return held;
    }

    @Override
    public int bytes() {
        return bytes;
    }
}
