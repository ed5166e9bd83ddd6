package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One assigned partition in the loop. All public methods are queries; only {@link Positions} changes the partition.
 * Owned by the loop's thread.
 */
public final class TrackedPartition {
    private final TopicPartition partition;
    private long generation;
    private boolean paused;
    private @Nullable PartitionFault fault;

    /** Changed by {@link Positions} only, like the next three fields. */
    final CurrentPosition current;

    final TopicIncarnation topic = new TopicIncarnation();
    final RetryState retry = new RetryState();
    final PositionLosses losses = new PositionLosses();

    /**
     * @param generation the application's generation of this partition: raised by each seek and assignment
     * @param sequence the invalidation count, see {@link #validSince}
     */
    TrackedPartition(TopicPartition partition, long generation, AssignmentStart start, long sequence) {
        this.partition = partition;
        this.generation = generation;
        this.current = new CurrentPosition(start, sequence);
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The application's generation. The application's thread drops data that was delivered under an older one. */
    public long generation() {
        return generation;
    }

    void enterGeneration(long newGeneration) {
        generation = newGeneration;
    }

    /** Whether the application has paused the partition. */
    public boolean paused() {
        return paused;
    }

    void pause(boolean pause) {
        paused = pause;
    }

    /** Whether the partition is not fetched for this reason, whatever its state. */
    public boolean isHeld(Hold reason) {
        return current.holds().contains(reason);
    }

    public PositionState state() {
        return current.state();
    }

    /** Whether data of a request that was sent at the invalidation count {@code sequence} may still be used. */
    public boolean validSince(long sequence) {
        return current.isValidSince(sequence);
    }

    /** The fetch position, or null unless the state is {@link PositionState.Kind#FETCHING}. */
    public @Nullable FetchPosition fetching() {
        PositionState state = current.state();
        return state.kind() == PositionState.Kind.FETCHING ? state.position() : null;
    }

    /** The position that is fetched from or validated, or null if there is none. */
    public @Nullable FetchPosition position() {
        return current.state().position();
    }

    /** Whether a look-up of this partition's position awaits its answer. */
    public boolean lookupOutstanding() {
        return retry.lookupOutstanding();
    }

    /**
     * The earliest time for the next request for this partition, in nanoseconds of the loop's clock; 0 if there was no
     * failure.
     */
    public long retryAtNanos() {
        return retry.retryAtNanos();
    }

    /** The number of requests for this partition that have failed in a row. */
    public int failuresInARow() {
        return retry.failures();
    }

    /** The id of the topic that the position belongs to, or {@link Uuid#ZERO_UUID} when not known. */
    public Uuid topicId() {
        return topic.topicId();
    }

    /** Whether this topic id of metadata differs from that of the position; false if either is unknown. */
    public boolean isRecreatedAs(Uuid idByMetadata) {
        return topic.isOtherThan(idByMetadata);
    }

    /**
     * Whether metadata has moved to another topic than that of the consumed position, and no broker has served it yet.
     */
    public boolean topicUnconfirmed() {
        return topic.isUnconfirmed();
    }

    /** Whether the position is a committed offset that may belong to another topic of the same name. */
    boolean mayBeCommittedElsewhere() {
        return topic.mayBeCommittedElsewhere();
    }

    /**
     * Whether a consumed position belongs to the present topic, as far as ids are known.
     *
     * @param idOfPosition {@link Uuid#ZERO_UUID} for the topic of the generation's first position
     */
    public boolean isInThisTopic(Uuid idOfPosition) {
        return topic.includes(idOfPosition);
    }

    /**
     * The position at which reading of the present topic stopped earlier in this generation; null if the topic is new.
     */
    public @Nullable FetchPosition stoppedAt() {
        return topic.stoppedAt();
    }

    /** The position that is not delivered until a broker has served the topic, or null. */
    public @Nullable FetchPosition heldBackPosition() {
        return topic.heldBackPosition();
    }

    /** The position that was lost and not reported yet, as the next one is being looked up; or null. */
    public @Nullable PositionLoss unreportedLoss() {
        return losses.unreported();
    }

    /** The errors in a row that brokers have answered for the partition; null after a request that succeeded. */
    public @Nullable PartitionFault fault() {
        return fault;
    }

    void recordFault(@Nullable PartitionFault last) {
        fault = last;
    }

    /** The number of positions that were out of range since a broker last served the partition. */
    public int outOfRangeInARow() {
        return losses.outOfRangeInARow();
    }
}
