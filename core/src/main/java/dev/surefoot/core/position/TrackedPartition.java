package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One assigned partition as the loop sees it. Its state changes only through the transitions below; each of them that makes
 * data under way unusable says so by moving {@link #invalidatedAt}. Owned by the loop's thread.
 */
public final class TrackedPartition {
    /** Stands for the broker of a partition that no broker is asked for. */
    public static final int NOWHERE = -1;

    private static final int NO_REPLICA = -1;

    private final TopicPartition partition;
    private long generation;
    private PositionState state;
    private boolean paused;
    private Uuid topicId = Uuid.ZERO_UUID;
    private int validEpoch = -1;
    /** The topic that the positions of this generation were of at first. */
    private Uuid firstTopicId = Uuid.ZERO_UUID;
    /** Where reading was when the name came to stand for another topic, for each topic that was left in this generation. */
    private final Map<Uuid, FetchPosition> leftAt = new HashMap<>();
    /** The last position that the application was told in this generation. */
    private @Nullable FetchPosition toldPosition;
    /** The topic that the application's position is in; that the name stands for another one is hearsay until it is served. */
    private Uuid confirmedTopicId = Uuid.ZERO_UUID;
    /** Where reading of a topic begins that is not confirmed; the application is told once it is. */
    private @Nullable FetchPosition untoldPosition;

    private int lossesInARow;
    /** The position that was lost while another one is looked for. */
    private @Nullable PositionLoss loss;

    private long invalidatedAt;
    private boolean lookupOutstanding;
    private int failures;
    private long notBefore;
    private int fetchedFrom = NOWHERE;
    private int readReplica = NO_REPLICA;
    private long readReplicaUntil;

    /**
     * @param generation the application's generation of this partition: raised by each seek and assignment
     * @param sequence the loop's count of invalidations, see {@link #invalidatedAt}
     */
    TrackedPartition(TopicPartition partition, long generation, PositionState state, long sequence) {
        this.partition = partition;
        this.generation = generation;
        this.state = state;
        this.invalidatedAt = sequence;
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The application's generation; data delivered under an older one is dropped by the application's side. */
    public long generation() {
        return generation;
    }

    public PositionState state() {
        return state;
    }

    public boolean paused() {
        return paused;
    }

    /** Whether a question about this partition's offset or epoch awaits its answer. */
    public boolean lookupOutstanding() {
        return lookupOutstanding;
    }

    /** The earliest time to ask a broker about this partition again. */
    public long notBefore() {
        return notBefore;
    }

    /** The fetch position, or null while there is none to fetch from. */
    public @Nullable FetchPosition fetching() {
        return state instanceof PositionState.Fetching fetching ? fetching.position() : null;
    }

    /** The position that is fetched from or being validated, or null while there is none. */
    public @Nullable FetchPosition position() {
        return state instanceof PositionState.Validating validating ? validating.position() : fetching();
    }

    /** Whether data asked for when the count of invalidations stood at {@code sequence} may still be used. */
    public boolean validSince(long sequence) {
        return invalidatedAt <= sequence;
    }

    /** The id of the topic that the position is of, or {@link Uuid#ZERO_UUID} when that is not known. */
    public Uuid topicId() {
        return topicId;
    }

    /** Whether the position was found good under this leader epoch, so that another one calls for validation. */
    boolean isValidFor(int leaderEpoch) {
        return validEpoch == leaderEpoch;
    }

    void validFor(Uuid id, int leaderEpoch) {
        topicId = id;
        validEpoch = leaderEpoch;
        if (firstTopicId.equals(Uuid.ZERO_UUID)) {
            firstTopicId = id;
        }
        if (confirmedTopicId.equals(Uuid.ZERO_UUID)) {
            confirmedTopicId = id;
        }
    }

    /**
     * The name stands for another topic now.
     *
     * @return where that one was left before, which happens when a broker that lags behind tells of a topic that is gone
     */
    public @Nullable FetchPosition moveTo(Uuid otherTopicId) {
        FetchPosition position = position();
        if (position != null) {
            leftAt.put(topicId, position);
        }
        topicId = otherTopicId;
        validEpoch = -1;
        untoldPosition = null;
        return leftAt.get(otherTopicId);
    }

    /** Whether nothing but metadata has said so far that the topic is another one. */
    public boolean topicUnconfirmed() {
        return !confirmedTopicId.equals(topicId)
                && !confirmedTopicId.equals(Uuid.ZERO_UUID)
                && !topicId.equals(Uuid.ZERO_UUID);
    }

    /** Keeps a position back from the application until a broker has served the topic. */
    public void holdBack(FetchPosition position) {
        untoldPosition = position;
    }

    /** The topic is served, so it is there; returns the position that was kept back, which is kept back no longer, or null. */
    public @Nullable FetchPosition confirmTopic() {
        FetchPosition position = untoldPosition;
        confirmedTopicId = topicId;
        untoldPosition = null;
        lossesInARow = 0;
        return position;
    }

    /** How often in a row, this time included, the position was lost without anything being served in between. */
    public int lostAgain() {
        return ++lossesInARow;
    }

    /** Notes which position was lost, to be told when it is known where reading goes on. */
    public void lost(PositionLoss lost) {
        loss = lost;
    }

    /** The position that was lost since the last call, or null. A position that the application moves is not lost. */
    public @Nullable PositionLoss takeLoss() {
        PositionLoss taken = loss;
        loss = null;
        return taken;
    }

    /** Whether a consumed position is one in the topic that the name stands for now, as far as ids tell. */
    public boolean isInThisTopic(Uuid idOfPosition) {
        Uuid id = idOfPosition.equals(Uuid.ZERO_UUID) ? firstTopicId : idOfPosition;
        return id.equals(topicId) || id.equals(Uuid.ZERO_UUID) || topicId.equals(Uuid.ZERO_UUID);
    }

    /** Where reading of this topic began in this generation, or null if the application sought to it. */
    @Nullable FetchPosition beginning() {
        return untoldPosition != null ? untoldPosition : toldPosition;
    }

    /** The application has let go of what it had of a topic that the name no longer stands for. */
    public void letGoOf(Uuid idOfPosition, FetchPosition position) {
        leftAt.put(idOfPosition.equals(Uuid.ZERO_UUID) ? firstTopicId : idOfPosition, position);
    }

    /** Notes that the application is being told this position. */
    public void told(FetchPosition position) {
        toldPosition = position;
    }

    void pause(boolean pause) {
        paused = pause;
    }

    /** The application moves the position: whatever is under way is of an older generation. */
    void sought(long newGeneration, PositionState next, long sequence) {
        generation = newGeneration;
        firstTopicId = topicId;
        leftAt.clear();
        toldPosition = null;
        untoldPosition = null;
        confirmedTopicId = topicId;
        loss = null;
        become(next, sequence);
    }

    /** The application has let go of what was delivered; whatever is under way is of an older generation. */
    void renewed(long newGeneration, PositionState next, long sequence) {
        generation = newGeneration;
        become(next, sequence);
    }

    /** The position moves, or is put in doubt, by what a broker said. */
    void become(PositionState next, long sequence) {
        state = next;
        invalidatedAt = sequence;
        lookupOutstanding = false;
        settled();
    }

    /** The position moves past data that was just taken over; the data after it stays usable. */
    void advance(FetchPosition next) {
        state = new PositionState.Fetching(next);
    }

    void asking(boolean outstanding) {
        lookupOutstanding = outstanding;
    }

    /** How many failures in a row, this one included. */
    int failedAgain() {
        return ++failures;
    }

    void restUntil(long nanos) {
        notBefore = nanos;
    }

    public void settled() {
        failures = 0;
        notBefore = 0;
    }

    /** The broker in whose session the partition is, or {@link #NOWHERE}. */
    public int fetchedFrom() {
        return fetchedFrom;
    }

    /** Notes in which broker's session the partition is now. */
    public void fetchedFrom(int nodeId) {
        fetchedFrom = nodeId;
    }

    /** The replica to read from instead of the leader (KIP-392), or -1. */
    public int readReplica(long nowNanos) {
        return readReplica != NO_REPLICA && nowNanos < readReplicaUntil ? readReplica : NO_REPLICA;
    }

    /** When {@link #readReplica} ends, or {@link Long#MAX_VALUE} while the leader is read from. */
    public long readReplicaUntil() {
        return readReplica == NO_REPLICA ? Long.MAX_VALUE : readReplicaUntil;
    }

    public void readFrom(int replica, long untilNanos) {
        readReplica = replica;
        readReplicaUntil = untilNanos;
    }

    public void readFromLeader() {
        readReplica = NO_REPLICA;
    }
}
