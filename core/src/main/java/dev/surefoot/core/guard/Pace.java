package dev.surefoot.core.guard;

/**
 * How fast the readable end of a partition moves, and how fast the application reads it, in offsets per second:
 * averages over the last 10 seconds and over the last 300, which forget exponentially. One object for
 * both, as each partition has one. Owned by the loop's thread.
 */
final class Pace {
    private static final double SECOND_NANOS = 1e9;
    private static final double SHORT_SECONDS = 10;
    private static final double LONG_SECONDS = 300;

    private long atNanos;
    private long end = -1;
    private long read = -1;
    private float in10;
    private float out10;
    private float in300;
    private float out300;

    /** Forgets what was seen before; the next offsets are the first. */
    void restart() {
        end = -1;
        read = -1;
        in10 = 0;
        out10 = 0;
        in300 = 0;
        out300 = 0;
    }

    /**
     * Takes the offsets at this time. Less than a second after the last ones they change nothing.
     *
     * @param endNow the end of what may be read, or -1 if it is not known
     * @param readNow the consumed position, or -1 if it is not known
     */
    void observe(long endNow, long readNow, long nowNanos) {
        double seconds = (nowNanos - atNanos) / SECOND_NANOS;
        boolean isFirst = end < 0 && read < 0;
        if (!isFirst && seconds < 1) {
            return;
        }
        if (end >= 0 && endNow >= 0) {
            double rate = Math.max(0, endNow - end) / seconds;
            in10 = average(in10, rate, seconds, SHORT_SECONDS);
            in300 = average(in300, rate, seconds, LONG_SECONDS);
        }
        if (read >= 0 && readNow >= 0) {
            double rate = Math.max(0, readNow - read) / seconds;
            out10 = average(out10, rate, seconds, SHORT_SECONDS);
            out300 = average(out300, rate, seconds, LONG_SECONDS);
        }
        end = endNow;
        read = readNow;
        atNanos = nowNanos;
    }

    private static float average(float before, double rate, double seconds, double constantSeconds) {
        return before + (float) (1 - Math.exp(-seconds / constantSeconds)) * (float) (rate - before);
    }

    float in10() {
        return in10;
    }

    float out10() {
        return out10;
    }

    float in300() {
        return in300;
    }

    float out300() {
        return out300;
    }
}
