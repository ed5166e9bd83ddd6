package dev.surefoot.net;

import java.util.concurrent.TimeUnit;

/** A clock that stands still until told. */
public final class ManualClock implements Clock {
    private long nanos;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public long epochMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    public void advanceMs(long ms) {
        nanos += TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
