package dev.surefoot.core.session;

import dev.surefoot.core.time.Backoff;

/**
 * How fast a session is opened again after answers that ended it. A broker that refuses for ever would otherwise be
 * sent a list of all partitions once a second. Owned by its session.
 */
final class ResetPace {
    /** From this reset in a row on, the longest delay grows. */
    static final int PATIENT_FROM = 10;

    /** What the longest delay grows to, in nanoseconds. */
    static final long LONGEST_NANOS = 30_000_000_000L;

    private final Backoff backoff;
    private int inARow;
    private long retryAtNanos = Long.MIN_VALUE;

    ResetPace(Backoff backoff) {
        this.backoff = backoff;
    }

    /** Answers in a row that ended the session. */
    int inARow() {
        return inARow;
    }

    /** The earliest time for the next request, in nanoseconds of the loop's clock. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    /** Ends the row, after an orderly answer. */
    void endRow() {
        inARow = 0;
    }

    /**
     * Sets the time of the next request, longer after each reset in a row.
     *
     * @param firstIsFree whether the request after the first reset in a row may leave at once
     */
    void reset(boolean firstIsFree, long nowNanos) {
        inARow++;
        int steps = firstIsFree ? inARow - 1 : inARow;
        retryAtNanos = steps == 0 ? nowNanos : nowNanos + delayNanos(steps);
    }

    private long delayNanos(int steps) {
        long delay = backoff.delayNanos(steps);
        if (inARow < PATIENT_FROM) {
            return delay;
        }
        double grown = delay * Math.pow(2, Math.min(inARow - PATIENT_FROM + 1, 30));
        return Math.max(delay, (long) Math.min(grown, (double) LONGEST_NANOS));
    }
}
