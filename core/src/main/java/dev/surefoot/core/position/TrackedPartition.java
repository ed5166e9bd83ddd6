package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One assigned partition as the loop sees it. Everything here is a query; {@link Positions} is the one door to changes.
 * Owned by the loop's thread.
 */
public final class TrackedPartition {
    private final TopicPartition partition;
    private long generation;
    private boolean paused;

    /** Changed by {@link Positions} only, as the three below. */
    final CurrentPosition current;

    final TopicIncarnation topic = new TopicIncarnation();
    final RetryState retry = new RetryState();
    final PositionLosses losses = new PositionLosses();

    /**
     * @param generation the application's generation of this partition: raised by each seek and assignment
     * @param sequence the loop's count of invalidations, see {@link #validSince}
     */
    TrackedPartition(TopicPartition partition, long generation, PositionState state, long sequence) {
        this.partition = partition;
        this.generation = generation;
        this.current = new CurrentPosition(state, sequence);
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The application's generation; data delivered under an older one is dropped by the application's side. */
    public long generation() {
        return generation;
    }

    void enterGeneration(long newGeneration) {
        generation = newGeneration;
    }

    public boolean paused() {
        return paused;
    }

    void pause(boolean pause) {
        paused = pause;
    }

    public PositionState state() {
        return current.state();
    }

    /** Whether data asked for when the count of invalidations stood at {@code sequence} may still be used. */
    public boolean validSince(long sequence) {
        return current.isValidSince(sequence);
    }

    /** The fetch position, or null while there is none to fetch from. */
    public @Nullable FetchPosition fetching() {
        PositionState state = current.state();
        return state.kind() == PositionState.Kind.FETCHING ? state.position() : null;
    }

    /** The position that is fetched from or being validated, or null while there is none. */
    public @Nullable FetchPosition position() {
        return current.state().position();
    }

    /** Whether a look-up of this partition's position awaits its answer. */
    public boolean lookupOutstanding() {
        return retry.lookupOutstanding();
    }

    /**
     * The earliest time to ask a broker for or about this partition again, in the loop's nanoseconds; 0 if there was no
     * failure.
     */
    public long retryAtNanos() {
        return retry.retryAtNanos();
    }

    /** The id of the topic that the position is of, or {@link Uuid#ZERO_UUID} when that is not known. */
    public Uuid topicId() {
        return topic.topicId();
    }

    /** Whether metadata that names the topic by this id tells of another topic than the position is of. */
    public boolean isRecreatedAs(Uuid idByMetadata) {
        return topic.isOtherThan(idByMetadata);
    }

    /** Whether nothing but metadata has said so far that the topic is another one. */
    public boolean topicUnconfirmed() {
        return topic.isUnconfirmed();
    }

    /**
     * Whether a consumed position is in the topic that the name stands for now, as far as ids tell.
     *
     * @param idOfPosition {@link Uuid#ZERO_UUID} for the topic at the beginning of the generation
     */
    public boolean isInThisTopic(Uuid idOfPosition) {
        return topic.includes(idOfPosition);
    }

    /**
     * Where reading of the present topic stopped when the name came to stand for another one before; null if it is new.
     */
    public @Nullable FetchPosition stoppedAt() {
        return topic.stoppedAt();
    }

    /** The position that the application is not told until a broker has served the topic, or null. */
    public @Nullable FetchPosition heldBackPosition() {
        return topic.heldBackPosition();
    }

    /**
     * The position that was lost while another one is looked for, or null. A position that the application moves is not
     * lost.
     */
    public @Nullable PositionLoss unreportedLoss() {
        return losses.unreported();
    }

    /** How many positions in a row were out of range without anything being served in between. */
    public int outOfRangeInARow() {
        return losses.outOfRangeInARow();
    }
}
