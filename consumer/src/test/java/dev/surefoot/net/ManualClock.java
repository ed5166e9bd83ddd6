package dev.surefoot.net;

import java.util.concurrent.TimeUnit;

/** A clock that stands still until told. It starts below zero, as a real one may. */
final class ManualClock implements Clock {
    private long nanos = -TimeUnit.SECONDS.toNanos(1);

    @Override
    public long nanos() {
        return nanos;
    }

    void advanceMs(long ms) {
        nanos += TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
