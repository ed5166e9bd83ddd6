package dev.surefoot.core.guard;

import dev.surefoot.progress.StallCause;

/** The cause of one partition as looks have named it, and since when. Owned by the loop's thread. */
final class NamedCause {
    private StallCause cause = StallCause.STARTING;
    private long sinceNanos;
    private long caughtUpNanos = PartitionLedger.NEVER;
    private long unexplainedNanos = PartitionLedger.NEVER;
    private long troubleNanos = PartitionLedger.NEVER;

    NamedCause(long nowNanos) {
        this.sinceNanos = nowNanos;
    }

    /** Forgets that all was read, as the partition is read from another position. */
    void restart() {
        caughtUpNanos = PartitionLedger.NEVER;
    }

    /** Leaves out of all ages a time in which the process did not run. */
    void passOver(long nanos) {
        sinceNanos += nanos;
        troubleNanos = LateTurns.later(troubleNanos, nanos);
        unexplainedNanos = LateTurns.later(unexplainedNanos, nanos);
    }

    /** Notes whether no cause was found, and returns for how many nanoseconds that has been so. */
    long unexplained(boolean now, long nowNanos) {
        unexplainedNanos =
                !now ? PartitionLedger.NEVER : unexplainedNanos == PartitionLedger.NEVER ? nowNanos : unexplainedNanos;
        return now ? nowNanos - unexplainedNanos : 0;
    }

    /**
     * Sets the cause that holds now.
     *
     * @param isReadToEnd whether there is nothing more to read
     */
    void set(StallCause now, boolean fine, boolean isReadToEnd, long nowNanos) {
        if (isReadToEnd) {
            caughtUpNanos = nowNanos;
        }
        if (now != cause) {
            cause = now;
            sinceNanos = nowNanos;
        }
        if (fine) {
            troubleNanos = PartitionLedger.NEVER;
        } else if (troubleNanos == PartitionLedger.NEVER) {
            troubleNanos = nowNanos;
        }
    }

    /** Since when the cause holds. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** When all was read as of the last look that saw that, or {@link PartitionLedger#NEVER}. */
    long caughtUpNanos() {
        return caughtUpNanos;
    }

    /**
     * For how many nanoseconds the causes have been other than fine ones.
     *
     * @param patienceNanos since when the time counts at the earliest
     */
    long troubleAgeNanos(long patienceNanos, long nowNanos) {
        return troubleNanos == PartitionLedger.NEVER ? 0 : nowNanos - Math.max(troubleNanos, patienceNanos);
    }
}
