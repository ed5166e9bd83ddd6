package dev.surefoot.core.time;

/**
 * The one rule for moments in time. A moment is a value of the loop's clock, which is never negative and never goes
 * back, so two moments are compared with plain {@code <}, and {@link #NEVER} is later than all of them.
 */
public final class Deadline {
    /** The deadline of something that is not awaited. */
    public static final long NEVER = Long.MAX_VALUE;

    private Deadline() {}

    /** Whether the moment has come. */
    public static boolean passed(long deadlineNanos, long nowNanos) {
        return deadlineNanos <= nowNanos && deadlineNanos != NEVER;
    }

    /**
     * The moment so long after now.
     *
     * @param delayNanos 0 or more; what would go beyond the range of the clock gives {@link #NEVER}
     */
    public static long after(long nowNanos, long delayNanos) {
        return delayNanos > NEVER - nowNanos ? NEVER : nowNanos + delayNanos;
    }
}
