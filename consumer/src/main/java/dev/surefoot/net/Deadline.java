package dev.surefoot.net;

/** Arithmetic on values of a {@link Clock}, whose differences count and whose signs do not. */
final class Deadline {
    /** The deadline of something that is not awaited. */
    static final long NEVER = Long.MAX_VALUE;

    private Deadline() {}

    static boolean passed(long deadline, long nowNanos) {
        return deadline != NEVER && deadline - nowNanos <= 0;
    }

    static long earlier(long one, long other) {
        if (one == NEVER || other == NEVER) {
            return one == NEVER ? other : one;
        }
        return one - other < 0 ? one : other;
    }
}
