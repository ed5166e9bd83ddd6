package dev.surefoot.core.guard;

/**
 * How fast an offset moves, in offsets per second: an average over the last 10 seconds and one over the last 300, both
 * of which forget exponentially. Owned by the loop's thread.
 */
final class MovingRate {
    private static final double SECOND_NANOS = 1e9;
    private static final double SHORT_SECONDS = 10;
    private static final double LONG_SECONDS = 300;

    private long offset = -1;
    private long atNanos;
    private double shortRate;
    private double longRate;

    /** Forgets what was seen before; the next offset is the first. */
    void restart() {
        offset = -1;
        shortRate = 0;
        longRate = 0;
    }

    /** Takes the offset at this time. One that is not known, or less than a second after the last, changes nothing. */
    void observe(long now, long nowNanos) {
        if (now < 0) {
            return;
        }
        if (offset < 0) {
            offset = now;
            atNanos = nowNanos;
            return;
        }
        double seconds = (nowNanos - atNanos) / SECOND_NANOS;
        if (seconds < 1) {
            return;
        }
        double rate = Math.max(0, now - offset) / seconds;
        shortRate += (1 - Math.exp(-seconds / SHORT_SECONDS)) * (rate - shortRate);
        longRate += (1 - Math.exp(-seconds / LONG_SECONDS)) * (rate - longRate);
        offset = now;
        atNanos = nowNanos;
    }

    double per10Seconds() {
        return shortRate;
    }

    double per300Seconds() {
        return longRate;
    }
}
