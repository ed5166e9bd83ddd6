package dev.surefoot.core.guard;

/**
 * What a partition's leader has said when the guard asked: where its log ends, which a follower may not know, and where
 * its local log begins, before which records are in remote storage. Owned by the loop's thread.
 */
final class LeaderWord {
    /** From one sight of a longer log at the leader to the next, which has to confirm it. */
    static final long CONFIRM_NANOS = 10_000_000_000L;

    /** From one question about the start of the local log to the next. */
    static final long LOCAL_NANOS = 60_000_000_000L;

    private final long generation;
    private long endAskedNanos;
    private boolean endDropped;
    /** The consumed position when the leader was asked for its end. */
    private long consumedThen = -1;

    private long end = -1;
    /** When the leader's log was first longer than what the follower lets be read, or never. */
    private long aheadNanos = PartitionLedger.NEVER;

    private long aheadEnd;
    private boolean confirmed;
    private long localAskedNanos = PartitionLedger.NEVER;
    private boolean localDropped;
    private long localStart = -1;

    /**
     * @param generation the generation of the partition for which it holds
     * @param nowNanos from when on the time to the first question counts
     */
    LeaderWord(long generation, long nowNanos) {
        this.generation = generation;
        endAskedNanos = nowNanos;
    }

    long generation() {
        return generation;
    }

    /** Whether the leader of a partition that is read from a follower is to be asked for its end; if so it is asked. */
    boolean asksForEnd(long everyNanos, long consumed, long nowNanos) {
        long after = aheadNanos == PartitionLedger.NEVER ? everyNanos : Math.min(everyNanos, CONFIRM_NANOS);
        boolean due = endDropped || nowNanos - endAskedNanos >= after;
        endDropped = false;
        endAskedNanos = due ? nowNanos : endAskedNanos;
        consumedThen = due ? consumed : consumedThen;
        return due;
    }

    /** The leader has told the end of what may be read there. */
    void endTold(long told, long nowNanos) {
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

    /** Whether the leader is to be asked where its local log begins; if so it is asked. */
    boolean asksForLocalStart(long nowNanos) {
        boolean due =
                localDropped || localAskedNanos == PartitionLedger.NEVER || nowNanos - localAskedNanos >= LOCAL_NANOS;
        localDropped = false;
        localAskedNanos = due ? nowNanos : localAskedNanos;
        return due;
    }

    /** The question was not asked after all, or has failed, and is due again. */
    void dropped(LeaderQuestions.Kind kind) {
        switch (kind) {
            case END -> endDropped = true;
            case LOCAL_START -> localDropped = true;
        }
    }

    /** When it was last asked where its local log begins, or {@link PartitionLedger#NEVER}. */
    long localAskedNanos() {
        return localAskedNanos;
    }

    void localStartTold(long offset) {
        localStart = offset;
    }

    /** Where the leader's local log begins, or -1 if it was not told. */
    long localStart() {
        return localStart;
    }
}
