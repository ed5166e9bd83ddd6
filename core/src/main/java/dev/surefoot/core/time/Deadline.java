package dev.surefoot.core.time;

/**
 * The rules for deadlines. A moment is a value of the loop's clock in nanoseconds. The clock is never negative and
 * never goes back, so two moments are compared with {@code <}, and {@link #NEVER} is later than all of them.
 */
public final class Deadline {
    /** The deadline of an event that will not happen by itself. */
    public static final long NEVER = Long.MAX_VALUE;

    private Deadline() {}

    /** Whether the deadline has come: {@code nowNanos} is at or after it. Both are nanoseconds of the loop's clock. */
    public static boolean passed(long deadlineNanos, long nowNanos) {
        return deadlineNanos <= nowNanos && deadlineNanos != NEVER;
    }

    /**
     * The moment {@code delayNanos} after {@code nowNanos}.
     *
     * @param delayNanos 0 or more nanoseconds
     * @return {@link #NEVER} if the sum exceeds the range of a {@code long}
     */
    public static long after(long nowNanos, long delayNanos) {
        return delayNanos > NEVER - nowNanos ? NEVER : nowNanos + delayNanos;
    }
}
