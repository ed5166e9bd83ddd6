package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.PartitionLeader;

/**
 * What a leader has said of its log from a fetch position on: whether there are records, and where its local log
 * begins, before which they are in remote storage. It holds for one epoch of the leader, in which nothing comes into a
 * log but at its end. The start of the local log moves on, though: an answer without records is proof only when the
 * start was told after it, and is not beyond the position. Owned by the loop's thread.
 */
final class LogRemainder {
    /** From one question to the next if nothing gives reason to ask earlier. */
    static final long EVERY_NANOS = 60_000_000_000L;

    private final PartitionLeader leader;
    private final long generation;
    private final Inquiry askedForLocalStart = new Inquiry();
    private final Inquiry askedForRecords = new Inquiry();
    private long recordsAskedAt = -1;
    private long localStart = -1;

    /** There are no records from here on ... */
    private long emptyFrom = -1;
    /** ... up to here, */
    private long emptyTo = -1;
    /** where there is one, unless it is the end of the log. */
    private boolean endsAtRecord;
    /** Whether the start of the local log was told since then. */
    private boolean confirmed;

    /**
     * @param leader who says it, in its present epoch
     * @param generation the generation of the partition for which it holds
     */
    LogRemainder(PartitionLeader leader, long generation) {
        this.leader = leader;
        this.generation = generation;
    }

    /** Whether it is of this leader, epoch and topic, and of this generation. */
    boolean isOf(PartitionLeader now, long presentGeneration) {
        return generation == presentGeneration && leader.equals(now);
    }

    /** Whether the leader is to be asked where its local log begins; if so it is asked. */
    boolean asksForLocalStart(long nowNanos) {
        return askedForLocalStart.asks(EVERY_NANOS, nowNanos);
    }

    /**
     * Whether the leader is to be asked if it has records from this position on; if so it is asked. It is not while the
     * position may be in remote storage, where the question would cost as much as the answer.
     */
    boolean asksForRecords(long fetchOffset, long nowNanos) {
        if (!isLocal(fetchOffset) || leader.leaderEpoch() < 0) {
            return false;
        }
        if (recordsAskedAt != fetchOffset) {
            askedForRecords.renew();
        }
        recordsAskedAt = fetchOffset;
        return askedForRecords.asks(EVERY_NANOS, nowNanos);
    }

    private boolean isLocal(long offset) {
        return localStart >= 0 && localStart <= offset;
    }

    /** The question of this kind. */
    Inquiry inquiry(LeaderQuestions.Kind kind) {
        return kind == LeaderQuestions.Kind.RECORDS ? askedForRecords : askedForLocalStart;
    }

    /** The leader has told where its local log begins. */
    void localStartTold(long offset) {
        localStart = offset;
        confirmed = emptyFrom >= 0;
    }

    /**
     * The leader has sent no records from one offset up to another one.
     *
     * @param atRecord whether there is one, rather than the end of the log
     */
    void emptyTold(long from, long to, boolean atRecord) {
        emptyFrom = from;
        emptyTo = to;
        endsAtRecord = atRecord;
        confirmed = false;
        askedForLocalStart.renew();
    }

    /**
     * The offset, or the end up to which the log has nothing from there on, neither locally nor in remote storage.
     *
     * @param atFollower whether the partition is read from a follower, which may not have the leader's next record yet
     */
    long reached(long offset, boolean atFollower) {
        boolean isEmpty = confirmed && offset == emptyFrom && isLocal(offset) && (atFollower || !endsAtRecord);
        return isEmpty ? Math.max(offset, emptyTo) : offset;
    }

    /** Where the leader's local log begins, or -1 if it was not told. */
    long localStart() {
        return localStart;
    }

    /** When it was last asked where its local log begins, or {@link PartitionLedger#NEVER}. */
    long localStartAskedNanos() {
        return askedForLocalStart.askedNanos();
    }
}
