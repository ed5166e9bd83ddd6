package dev.surefoot.core.guard;

/**
 * Notices turns of the loop that come late: the process did not run, or the loop was blocked, and what was to be done
 * meanwhile was not. Owned by the loop's thread.
 */
final class LateTurns {
    private static final long NEVER = Long.MIN_VALUE;

    /** How long a turn waits at most. */
    static final long LONGEST_WAIT_NANOS = 1_000_000_000L;

    /** What a turn may be late on a machine with much to do. */
    private static final long ORDINARY_NANOS = 500_000_000L;

    private long plannedNanos = NEVER;

    /** A time that moves by a lateness, so that no age has it; a time that has not come stays so. */
    static long later(long atNanos, long lateNanos) {
        return atNanos == NEVER ? NEVER : atNanos + lateNanos;
    }

    /** Sets when the next turn is due at the latest, as far as that is known; it waits a second at most in any case. */
    void plan(long deadlineNanos, long nowNanos) {
        plannedNanos = Math.max(nowNanos, Math.min(nowNanos + LONGEST_WAIT_NANOS, deadlineNanos));
    }

    /** By how many nanoseconds the present turn is late, or 0 if that is ordinary. Each lateness is told once. */
    long take(long nowNanos) {
        long lateNanos = plannedNanos == NEVER ? 0 : nowNanos - plannedNanos;
        plannedNanos = NEVER;
        return lateNanos > ORDINARY_NANOS ? lateNanos : 0;
    }
}
