package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.PartitionLeader;

/**
 * What a partition's leader has said when the guard asked: where its log ends, which a follower may not know; where its
 * local log begins, before which records are in remote storage; and up to where it has nothing. As long as an epoch
 * lasts, nothing comes into the log but at its end, so that what is empty stays empty. Owned by the loop's thread.
 */
public final class LeaderWord {
    /** From one sight of a longer log at the leader to the next, which has to confirm it. */
    static final long CONFIRM_NANOS = 10_000_000_000L;

    /** From one question about the start of the local log to the next. */
    static final long LOCAL_NANOS = 60_000_000_000L;

    /** From one question about records to the next at the same position. */
    static final long RECORDS_NANOS = 60_000_000_000L;

    private final PartitionLeader leader;
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
    private long recordsAskedNanos = PartitionLedger.NEVER;
    /** The fetch position when it was asked for records, or -1 to ask again. */
    private long recordsAskedAt = -1;

    private long emptyFrom = -1;
    private long emptyTo = -1;

    /**
     * @param leader who says it
     * @param generation the generation of the partition for which it holds
     * @param nowNanos from when on the time to the first question counts
     */
    LeaderWord(PartitionLeader leader, long generation, long nowNanos) {
        this.leader = leader;
        this.generation = generation;
        endAskedNanos = nowNanos;
    }

    /** Whether it is the word of this leader in this epoch, for this generation. */
    boolean isOf(PartitionLeader now, long presentGeneration) {
        return generation == presentGeneration && leader.equals(now);
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
            case RECORDS -> recordsAskedAt = -1;
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

    /** Whether the leader is to be asked if it has records from this fetch position on; if so it is asked. */
    boolean asksForRecords(long fetchOffset, long nowNanos) {
        boolean due = recordsAskedAt != fetchOffset || nowNanos - recordsAskedNanos >= RECORDS_NANOS;
        recordsAskedAt = fetchOffset;
        recordsAskedNanos = due ? nowNanos : recordsAskedNanos;
        return due;
    }

    /** The leader's log has no records from one offset up to another one, unless they are in remote storage. */
    void emptyTold(long from, long to) {
        emptyFrom = from;
        emptyTo = to;
    }

    /** The offset, or the end up to which the log has nothing from there on, neither locally nor in remote storage. */
    long reached(long offset) {
        boolean isEmpty = offset >= 0 && offset == emptyFrom && localStart >= 0 && localStart <= offset;
        return isEmpty ? Math.max(offset, emptyTo) : offset;
    }
}
