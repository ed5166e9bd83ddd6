package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.position.TrackedPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What brokers have told of one assigned partition. Each answer that names the partition touches it, and with many
 * partitions it is in no cache then: so it has its fields side by side, and keeps no object that an answer has made
 * ({@code bench partitions}). Times are nanoseconds of the loop's clock. Owned by the loop's thread.
 */
abstract class ToldPartition {
    /** A time that has not come. */
    static final long NEVER = Long.MIN_VALUE;

    private final TrackedPartition tracked;
    private Uuid topicId;
    private long generation;
    private int newestLeaderId;
    private int leaderVersion = -1;
    private int nodeId = -1;
    private boolean follower;
    private boolean mentionedSince;
    private boolean askedAnew;
    private int doubts;
    private long highWatermark = Watermarks.UNKNOWN.highWatermark();
    private long lastStableOffset = Watermarks.UNKNOWN.lastStableOffset();
    private long logStartOffset = Watermarks.UNKNOWN.logStartOffset();
    private long toldNanos = NEVER;
    private long mentionedNanos = NEVER;
    /** The broker's shares when it named the partition last, or -1 if it has not since the last look. */
    private long mentionedShares = -1;
    /** The offset for which the last answer had no records although it had room, or -1. */
    private long emptyAt = -1;
    /** When a follower last had not the records that it was asked for. */
    private long followerBehindNanos = NEVER;
    /** When the leader was last asked where the log ends, and answered. */
    private long endedNanos = NEVER;
    /** What was told under the last topic id before this one, or null. */
    private @Nullable ToldOfTopic former;

    ToldPartition(TrackedPartition tracked) {
        this.tracked = tracked;
        this.generation = tracked.generation();
        this.topicId = tracked.topicId();
    }

    final TrackedPartition tracked() {
        return tracked;
    }

    // Answers.

    /**
     * A broker has named the partition in an answer.
     *
     * @param answeredId the topic id of the answer, or {@link Uuid#ZERO_UUID} if it names none
     * @param empty the offset for which the answer had no records although it had room, or -1
     */
    final void mentioned(int node, Uuid answeredId, long shares, long empty, long nowNanos) {
        // Of a partition without a position no topic is known yet: the answer tells which one the session has.
        follow(tracked.topicId().equals(Uuid.ZERO_UUID) ? answeredId : tracked.topicId(), nowNanos);
        nodeId = node;
        mentionedShares = shares;
        mentionedNanos = nowNanos;
        mentionedSince = true;
        doubts = 0;
        emptyAt = empty;
    }

    /** The partition is asked for at another position, so that answers which are on their way say nothing of it. */
    final void askedAnew() {
        askedAnew = true;
    }

    /** A follower does not have the records that it is asked for; the leader sends the partition to it again. */
    final void followerIsBehind(long nowNanos) {
        followerBehindNanos = nowNanos;
    }

    /**
     * A broker has told where the partition's log ends.
     *
     * @param askedNanos when it was asked: the log has ended there since then at the earliest
     */
    final void told(Watermarks marks, boolean byFollower, long askedNanos, long nowNanos) {
        follow(tracked.topicId(), nowNanos);
        set(marks);
        follower = byFollower;
        toldNanos = askedNanos;
        mentionedSince = true;
    }

    /** A broker has told where the log of a topic ends that does not have the name any more, as far as is known. */
    final void toldOfFormer(Uuid id, Watermarks marks, boolean byFollower, long askedNanos) {
        if (former != null && former.topicId().equals(id)) {
            former = new ToldOfTopic(id, marks, nodeId, byFollower, askedNanos, askedNanos);
        }
    }

    /**
     * The leader has told where the log ends.
     *
     * @param askedNanos when it was asked
     */
    final void ended(long end, boolean readCommitted, long askedNanos) {
        highWatermark = readCommitted ? Math.max(end, highWatermark) : end;
        lastStableOffset = readCommitted ? end : Math.min(end, lastStableOffset);
        endedNanos = askedNanos;
        toldNanos = askedNanos;
        mentionedSince = true;
    }

    /** Data that a broker sent for the partition could not be used. */
    final void doubted(int inARow) {
        doubts = inARow;
    }

    /**
     * Takes over what was told of the same partition under its last assignment. A session that the partition has not
     * left goes on to be silent about it.
     */
    final void inherit(ToldPartition before) {
        topicId = before.topicId;
        adopt(before.toldOfTopic());
    }

    // What becomes of it.

    /** Begins anew if the partition was sought, or is of another topic of its name, since this was called last. */
    final void follow(Uuid now, long nowNanos) {
        boolean isOther = !now.equals(topicId) && !now.equals(Uuid.ZERO_UUID);
        if (isOther && !topicId.equals(Uuid.ZERO_UUID)) {
            ToldOfTopic told = former != null && former.topicId().equals(now) ? former : ToldOfTopic.nothing(now);
            former = toldOfTopic();
            adopt(told);
            // The new one is read from its start: what was read of the other since the last look is not seen any more.
            restartPatience(nowNanos);
        }
        if (isOther) {
            topicId = now; // else left alone, as the collector has to be told of every write
        }
        if (tracked.generation() != generation) {
            generation = tracked.generation();
            endedNanos = NEVER;
            doubts = 0;
            // What was told of the log's end stays: a session goes on to be silent about it at another position too.
            askedAnew = true;
            restart(nowNanos);
        }
    }

    private ToldOfTopic toldOfTopic() {
        return new ToldOfTopic(topicId, watermarks(), nodeId, follower, toldNanos, mentionedNanos);
    }

    private void adopt(ToldOfTopic told) {
        set(told.watermarks());
        nodeId = told.nodeId() < 0 ? nodeId : told.nodeId();
        follower = told.follower();
        toldNanos = told.toldNanos();
        mentionedNanos = told.mentionedNanos();
        askedAnew = true;
    }

    private void set(Watermarks marks) {
        highWatermark = marks.highWatermark();
        lastStableOffset = marks.lastStableOffset();
        logStartOffset = marks.logStartOffset();
    }

    /** The partition is read from another position. */
    abstract void restart(long nowNanos);

    /** Begins to count the time without progress anew. */
    abstract void restartPatience(long nowNanos);

    /** A finding was made of what is known. */
    final void findingMade() {
        mentionedSince = false;
    }

    /** From which answer on the session's silence counts. */
    abstract SessionSilence silence();

    /**
     * Takes note of what the session has said of the partition since the last look.
     *
     * @param fetchedFrom the broker whose session has it now, or -1
     */
    final void lookAtSilence(int fetchedFrom, BrokerLedger holder) {
        silence().look(tracked, fetchedFrom, holder, mentionedShares, askedAnew);
        mentionedShares = -1;
        askedAnew = false;
    }

    // What is known.

    /** The leader by the newest metadata, or -1. It is looked up once for each version of metadata. */
    final int newestLeaderId(Cluster cluster) {
        if (leaderVersion != cluster.version()) {
            newestLeaderId = cluster.leader(tracked.partition()).leaderId();
            leaderVersion = cluster.version();
        }
        return newestLeaderId;
    }

    final long generation() {
        return generation;
    }

    final Watermarks watermarks() {
        return new Watermarks(highWatermark, lastStableOffset, logStartOffset);
    }

    /** The high watermark as a broker told it last, or -1. */
    final long highWatermark() {
        return highWatermark;
    }

    /** The last stable offset as a broker told it last, or -1. */
    final long lastStableOffset() {
        return lastStableOffset;
    }

    /** Where the log begins as a broker told it last, or -1. */
    final long logStartOffset() {
        return logStartOffset;
    }

    /** The end of what may be read as a broker told last, or -1. */
    final long readableEnd(boolean readCommitted) {
        return readCommitted ? lastStableOffset : highWatermark;
    }

    /** The broker that has named the partition last, by its present topic id if any has, or -1. */
    final int nodeId() {
        return nodeId;
    }

    final boolean follower() {
        return follower;
    }

    /** The offset for which the last answer had no records although it had room, or -1. */
    final long emptyAt() {
        return emptyAt;
    }

    /** When the broker was asked that told the end of the log last, or {@link #NEVER}. */
    final long toldNanos() {
        return toldNanos;
    }

    /** When the leader was last asked where the log ends, and answered, or {@link #NEVER}. */
    final long endedNanos() {
        return endedNanos;
    }

    final long mentionedNanos() {
        return mentionedNanos;
    }

    /** Whether a broker has named the partition since the last finding was made. */
    final boolean mentionedSince() {
        return mentionedSince;
    }

    final int doubts() {
        return doubts;
    }

    /** When a follower last had not the records that it was asked for, or {@link #NEVER}. */
    final long followerBehindNanos() {
        return followerBehindNanos;
    }
}
