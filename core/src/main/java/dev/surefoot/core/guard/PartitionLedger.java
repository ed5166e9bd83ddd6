package dev.surefoot.core.guard;

import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.TrackedPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What the guard remembers of one assigned partition. It takes note of answers when they come, and of all else when it
 * looks at the partition. Times are nanoseconds of the loop's clock. Owned by the loop's thread.
 */
final class PartitionLedger {
    /** A time that has not come. */
    static final long NEVER = Long.MIN_VALUE;

    private final TrackedPartition tracked;

    // What answers have shown.
    private long generation;
    private Uuid topicId;
    private Watermarks watermarks = Watermarks.UNKNOWN;
    /** What was told under the last topic id before this one, or null. */
    private @Nullable ToldOfTopic former;

    private int nodeId = -1;
    private boolean follower;
    private long toldNanos = NEVER;
    private long mentionedNanos = NEVER;
    private final SessionSilence silence = new SessionSilence();
    /** The offset for which the last answer had no records although it had room, or -1. */
    private long emptyAt = -1;

    private int doubts;
    /** When a follower last had not the records that it was asked for. */
    private long followerBehindNanos = NEVER;
    /** When the leader was last asked where the log ends, and answered. */
    private long endedNanos = NEVER;

    // What a look has shown.
    private PositionState.Kind state;
    private long stateNanos;
    private boolean stopped;
    private int leaderId = -1;
    private int leaderVersion = -1;
    private long fetchOffset = -1;
    private long fetchAdvancedNanos = NEVER;
    private final Consumption consumption = new Consumption();
    private long patienceNanos;
    private long pinnedAt = -1;
    private long pinnedNanos = NEVER;
    private final Pace pace = new Pace();
    private @Nullable LagTrend lagTrend;

    private final NamedCause named;

    private @Nullable Finding finding;
    private boolean mentionedSince;

    PartitionLedger(TrackedPartition tracked, long nowNanos) {
        this.tracked = tracked;
        this.generation = tracked.generation();
        this.topicId = tracked.topicId();
        this.state = tracked.state().kind();
        this.stateNanos = nowNanos;
        this.patienceNanos = nowNanos;
        this.named = new NamedCause(nowNanos);
    }

    TrackedPartition tracked() {
        return tracked;
    }

    // Answers.

    /**
     * A broker has named the partition in an answer.
     *
     * @param answeredId the topic id of the answer, or {@link Uuid#ZERO_UUID} if it names none
     * @param empty the offset for which the answer had no records although it had room, or -1
     */
    void mentioned(int node, Uuid answeredId, long shares, long empty, long nowNanos) {
        // Of a partition without a position no topic is known yet: the answer tells which one the session has.
        follow(tracked.topicId().equals(Uuid.ZERO_UUID) ? answeredId : tracked.topicId(), nowNanos);
        nodeId = node;
        silence.mentioned(shares);
        mentionedNanos = nowNanos;
        mentionedSince = true;
        doubts = 0;
        emptyAt = empty;
    }

    /** Whether the last answer had room, and none of the partition's records, though the log ends further on. */
    boolean looksEmpty(boolean readCommitted) {
        return fetchOffset >= 0 && emptyAt == fetchOffset && fetchOffset < readableEnd(readCommitted);
    }

    /** A follower does not have the records that it is asked for; the leader sends the partition to it again. */
    void followerIsBehind(long nowNanos) {
        followerBehindNanos = nowNanos;
    }

    /**
     * A broker has told where the partition's log ends.
     *
     * @param askedNanos when it was asked: the log has ended there since then at the earliest
     */
    void told(Watermarks marks, boolean byFollower, long askedNanos, long nowNanos) {
        follow(tracked.topicId(), nowNanos);
        watermarks = marks;
        follower = byFollower;
        toldNanos = askedNanos;
        mentionedSince = true;
    }

    /** A broker has told where the log of a topic ends that does not have the name any more, as far as is known. */
    void toldOfFormer(Uuid id, Watermarks marks, boolean byFollower, long askedNanos) {
        if (former != null && former.topicId().equals(id)) {
            former = new ToldOfTopic(id, marks, nodeId, byFollower, askedNanos, askedNanos);
        }
    }

    /**
     * The leader has told where the log ends.
     *
     * @param askedNanos when it was asked
     */
    void ended(long end, boolean readCommitted, long askedNanos) {
        watermarks = readCommitted
                ? new Watermarks(Math.max(end, watermarks.highWatermark()), end, watermarks.logStartOffset())
                : new Watermarks(end, Math.min(end, watermarks.lastStableOffset()), watermarks.logStartOffset());
        endedNanos = askedNanos;
        toldNanos = askedNanos;
        mentionedSince = true;
    }

    /** Data that a broker sent for the partition could not be used. */
    void doubted(int inARow) {
        doubts = inARow;
    }

    /**
     * Takes over what was told of the same partition under its last assignment. A session that the partition has not
     * left goes on to be silent about it.
     */
    void inherit(PartitionLedger before) {
        topicId = before.topicId;
        adopt(before.toldOfTopic());
    }

    // Looks.

    /** Leaves out of all ages a time in which the process did not run. */
    void passOver(long nanos) {
        patienceNanos += nanos;
        stateNanos += nanos;
        named.passOver(nanos);
        fetchAdvancedNanos = LateTurns.later(fetchAdvancedNanos, nanos);
        consumption.passOver(nanos);
    }

    /**
     * Takes note of what has changed since the last look.
     *
     * @param reading how far the application has read, or null if that is of another generation or unknown
     * @param isPresent whether it reads from the present position, and not what was fetched before a reset
     * @param leader the leader's node id, or -1
     */
    void look(@Nullable Reading reading, boolean isPresent, int leader, boolean readCommitted, long nowNanos) {
        follow(tracked.topicId(), nowNanos);
        lookAtState(nowNanos);
        if (leader != leaderId) {
            leaderId = leader;
            restartPatience(nowNanos);
        }
        lookAtPositions(reading, isPresent, nowNanos);
        boolean pinned = readCommitted && watermarks.lastStableOffset() < watermarks.highWatermark();
        long pin = pinned ? watermarks.lastStableOffset() : -1;
        if (pin != pinnedAt) {
            pinnedAt = pin;
            pinnedNanos = nowNanos;
        }
        pace.observe(readableEnd(readCommitted), consumption.offset(), nowNanos);
    }

    /** Begins anew if the partition was sought, or is of another topic of its name, since this was called last. */
    private void follow(Uuid now, long nowNanos) {
        boolean isOther = !now.equals(topicId) && !now.equals(Uuid.ZERO_UUID);
        if (isOther && !topicId.equals(Uuid.ZERO_UUID)) {
            ToldOfTopic told = former != null && former.topicId().equals(now) ? former : ToldOfTopic.nothing(now);
            former = toldOfTopic();
            adopt(told);
            // The new one is read from its start: what was read of the other since the last look is not seen any more.
            restartPatience(nowNanos);
        }
        if (isOther) {
            topicId = now;
        }
        if (tracked.generation() != generation) {
            generation = tracked.generation();
            restart(nowNanos);
        }
    }

    private ToldOfTopic toldOfTopic() {
        return new ToldOfTopic(topicId, watermarks, nodeId, follower, toldNanos, mentionedNanos);
    }

    private void adopt(ToldOfTopic told) {
        watermarks = told.watermarks();
        nodeId = told.nodeId() < 0 ? nodeId : told.nodeId();
        follower = told.follower();
        toldNanos = told.toldNanos();
        mentionedNanos = told.mentionedNanos();
        silence.askedAnew();
    }

    private void restart(long nowNanos) {
        fetchOffset = -1;
        consumption.restart();
        fetchAdvancedNanos = NEVER;
        endedNanos = NEVER;
        // What was told of the log's end stays: a session goes on to be silent about it at another position as well.
        silence.askedAnew();
        doubts = 0;
        named.restart();
        pace.restart();
        restartPatience(nowNanos);
    }

    /** Begins to count the time without progress anew. */
    void restartPatience(long nowNanos) {
        patienceNanos = nowNanos;
    }

    private void lookAtState(long nowNanos) {
        PositionState.Kind now = tracked.state().kind();
        if (now != state) {
            if (state == PositionState.Kind.UNPLACED) {
                // The committed offset has come. What it was waited for, like a transaction's end, is over.
                restartPatience(nowNanos);
            }
            state = now;
            stateNanos = nowNanos;
        }
        boolean stops = tracked.paused() || tracked.isHeld(Hold.NOT_TAKEN) || tracked.isHeld(Hold.REVOKED);
        if (stopped && !stops) {
            restartPatience(nowNanos);
        }
        stopped = stops;
    }

    private void lookAtPositions(@Nullable Reading reading, boolean isPresent, long nowNanos) {
        FetchPosition fetching = tracked.fetching();
        long fetch = fetching == null ? -1 : fetching.offset();
        if (fetch > fetchOffset && fetchOffset >= 0) {
            fetchAdvancedNanos = nowNanos;
            restartPatience(nowNanos);
        }
        fetchOffset = fetch;
        if (reading != null && reading.offset() >= 0 && consumption.look(reading, isPresent, nowNanos)) {
            restartPatience(nowNanos);
        }
    }

    /** The cause that looks have named. */
    NamedCause named() {
        return named;
    }

    /** Whether a broker has named the partition since the last finding was made. */
    boolean mentionedSince() {
        return mentionedSince;
    }

    @Nullable Finding finding() {
        return finding;
    }

    void found(Finding now) {
        finding = now;
        mentionedSince = false;
    }

    // What is known.

    long generation() {
        return generation;
    }

    Watermarks watermarks() {
        return watermarks;
    }

    /** The end of what may be read as a broker told last, or -1. */
    long readableEnd(boolean readCommitted) {
        return watermarks.end(readCommitted);
    }

    /** The broker that has named the partition last, by its present topic id if any has, or -1. */
    int nodeId() {
        return nodeId;
    }

    boolean follower() {
        return follower;
    }

    /** When the broker was asked that told the end of the log last, or {@link #NEVER}. */
    long toldNanos() {
        return toldNanos;
    }

    /** When the leader was last asked where the log ends, and answered, or {@link #NEVER}. */
    long endedNanos() {
        return endedNanos;
    }

    long mentionedNanos() {
        return mentionedNanos;
    }

    /** From which answer on the session's silence counts. */
    SessionSilence silence() {
        return silence;
    }

    /** The leader by the newest metadata, or -1. */
    int leaderId() {
        return leaderId;
    }

    void leaderIsOf(int version) {
        leaderVersion = version;
    }

    /** Whether the leader of the last look was that by metadata of this version. */
    boolean knowsLeader(int version) {
        return leaderVersion == version;
    }

    int doubts() {
        return doubts;
    }

    /** When a follower last had not the records that it was asked for, or {@link #NEVER}. */
    long followerBehindNanos() {
        return followerBehindNanos;
    }

    long stateNanos() {
        return stateNanos;
    }

    /** The fetch position, or -1. */
    long fetchOffset() {
        return fetchOffset;
    }

    /** The consumed position, or the fetch position if nothing is known of the application, or -1. */
    long consumed() {
        return consumption.offset() >= 0 ? consumption.offset() : fetchOffset;
    }

    /** When the fetch position or the consumed one moved last, or {@link #NEVER}. */
    long movedNanos() {
        return Math.max(fetchAdvancedNanos, consumption.advancedNanos());
    }

    /** How far the application has read it. */
    Consumption consumption() {
        return consumption;
    }

    long patienceNanos() {
        return patienceNanos;
    }

    long pinnedNanos() {
        return pinnedNanos;
    }

    Pace pace() {
        return pace;
    }

    /** How its lag goes, or null if it was not behind at the last look. */
    @Nullable LagTrend lagTrend() {
        return lagTrend;
    }

    void lagTrend(@Nullable LagTrend trend) {
        lagTrend = trend;
    }
}
