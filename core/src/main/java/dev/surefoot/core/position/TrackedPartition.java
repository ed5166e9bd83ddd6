package dev.surefoot.core.position;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One assigned partition as the loop sees it. Its state changes only through the transitions below; each of them that makes
 * data under way unusable says so by moving {@link #invalidatedAt}. Owned by the loop's thread.
 */
public final class TrackedPartition {
    private static final int NO_REPLICA = -1;

    private final TopicPartition partition;
    private long generation;
    private PositionState state;
    private boolean paused;
    private Uuid topicId = Uuid.ZERO_UUID;
    private int validEpoch = -1;
    private long invalidatedAt;
    private boolean lookupOutstanding;
    private int failures;
    private long notBefore;
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
    @Nullable FetchPosition position() {
        return state instanceof PositionState.Validating validating ? validating.position() : fetching();
    }

    /** Whether data asked for when the count of invalidations stood at {@code sequence} may still be used. */
    public boolean validSince(long sequence) {
        return invalidatedAt <= sequence;
    }

    /** The id of the topic that the position is of, or {@link Uuid#ZERO_UUID} when that is not known. */
    Uuid topicId() {
        return topicId;
    }

    /** Whether the position was found good under this leader epoch, so that another one calls for validation. */
    boolean isValidFor(int leaderEpoch) {
        return validEpoch == leaderEpoch;
    }

    void validFor(Uuid id, int leaderEpoch) {
        topicId = id;
        validEpoch = leaderEpoch;
    }

    void pause(boolean pause) {
        paused = pause;
    }

    /** The application moves the position: whatever is under way is of an older generation. */
    void sought(long newGeneration, PositionState next, long sequence) {
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
