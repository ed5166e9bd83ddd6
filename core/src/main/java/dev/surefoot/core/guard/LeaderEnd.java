package dev.surefoot.core.guard;

/**
 * Where a partition's leader has said that its log ends, for a partition that is read from a follower, which may not
 * know it. Owned by the loop's thread.
 */
final class LeaderEnd {
    /** From one sight of a longer log at the leader to the next, which has to confirm it. */
    static final long CONFIRM_NANOS = 10_000_000_000L;

    private final long generation;
    private long askedNanos;
    private boolean dropped;
    /** The consumed position when the leader was asked for its end. */
    private long consumedThen = -1;

    private long end = -1;
    /** When the leader's log was first longer than what the follower lets be read, or never. */
    private long aheadNanos = PartitionLedger.NEVER;

    private long aheadEnd;
    private boolean confirmed;

    /**
     * @param generation the generation of the partition for which it holds
     * @param nowNanos from when on the time to the first question counts
     */
    LeaderEnd(long generation, long nowNanos) {
        this.generation = generation;
        askedNanos = nowNanos;
    }

    long generation() {
        return generation;
    }

    /** Whether the leader of a partition that is read from a follower is to be asked for its end; if so it is asked. */
    boolean asks(long everyNanos, long consumed, long nowNanos) {
        long after = aheadNanos == PartitionLedger.NEVER ? everyNanos : Math.min(everyNanos, CONFIRM_NANOS);
        boolean due = dropped || nowNanos - askedNanos >= after;
        dropped = false;
        askedNanos = due ? nowNanos : askedNanos;
        consumedThen = due ? consumed : consumedThen;
        return due;
    }

    /** The leader has told the end of what may be read there. */
    void told(long told, long nowNanos) {
        long consumed = consumedThen;
        end = told;
        if (told <= consumed || (aheadNanos != PartitionLedger.NEVER && consumed >= aheadEnd)) {
            aheadNanos = PartitionLedger.NEVER;
            confirmed = false;
        }
        if (told > consumed && aheadNanos == PartitionLedger.NEVER) {
            aheadNanos = nowNanos;
            aheadEnd = told;
        } else if (told > consumed && nowNanos - aheadNanos >= CONFIRM_NANOS) {
            confirmed = true;
        }
    }

    /** Whether the leader has had records beyond this position for a while that the follower has not. */
    boolean isAheadOf(long consumed) {
        return confirmed && consumed < aheadEnd;
    }

    /** The end as the leader told it last, or -1. */
    long end() {
        return end;
    }

    /** Since when the leader is ahead, or {@link PartitionLedger#NEVER}. */
    long aheadNanos() {
        return aheadNanos;
    }

    /** The question was not asked after all, or has failed, and is due again. */
    void dropped() {
        dropped = true;
    }
}
