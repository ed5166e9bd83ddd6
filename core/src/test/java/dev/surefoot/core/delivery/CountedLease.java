package dev.surefoot.core.delivery;

import dev.surefoot.core.records.Lease;

/** A lease that knows how often it is held, and refuses to be released once too often. */
final class CountedLease implements Lease {
    private int holds = 1;

    @Override
    public void retain() {
        requireHeld();
        holds++;
    }

    @Override
    public void release() {
        requireHeld();
        holds--;
    }

    private void requireHeld() {
        if (holds < 1) {
            throw new IllegalStateException("the lease was released before");
        }
    }

    int holds() {
        return holds;
    }

    @Override
    public boolean held() {
        return holds > 0;
    }

    @Override
    public int bytes() {
        return 1;
    }
}
