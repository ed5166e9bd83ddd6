package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.engine.Question;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.ResetStrategy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The application's position in each assigned partition. Owned by the application's thread. The positions here are the
 * consumed ones: the offset of the next record to deliver. The loop has fetch positions, which run ahead of them.
 */
public final class Offsets {
    private final Lanes lanes;
    private final Intake intake;
    private final Loop loop;
    private final Waiting waiting;
    private final boolean readCommitted;

    Offsets(Lanes lanes, Intake intake, Loop loop, Waiting waiting, boolean readCommitted) {
        this.lanes = lanes;
        this.intake = intake;
        this.loop = loop;
        this.waiting = waiting;
        this.readCommitted = readCommitted;
    }

    /**
     * Moves the position of a partition.
     *
     * @throws IllegalStateException if the partition is not assigned
     */
    public void seek(TopicPartition partition, FetchPosition position) {
        long generation = lanes.seek(partition, position);
        lanes.tellChanges();
        loop.submit((engine, nowNanos) -> engine.seek(partition, generation, position, nowNanos));
        loop.memoryReturned();
    }

    /**
     * Moves partitions to the offsets that the strategy names, which are looked up when they are needed.
     *
     * @param partitions the partitions to move, or none for all that are assigned
     * @throws IllegalStateException if one of them is not assigned
     */
    public void seek(Collection<TopicPartition> partitions, ResetStrategy strategy) {
        for (TopicPartition partition : partitions.isEmpty() ? new HashSet<>(lanes.assignment()) : partitions) {
            long generation = lanes.seek(partition, null);
            loop.submit((engine, nowNanos) -> engine.seek(partition, generation, strategy, nowNanos));
        }
        lanes.tellChanges();
        loop.memoryReturned();
    }

    /**
     * Returns the offset of the next record; waits if the position has to be looked up.
     *
     * @throws IllegalStateException if the partition is not assigned
     * @throws org.apache.kafka.common.errors.TimeoutException if the position is not found in time; the message says
     *     what the loop knows of the reasons
     * @throws KafkaException if it cannot be found, or if the loop has an error for the application
     */
    public long position(TopicPartition partition, Duration timeout) {
        if (!lanes.assignment().contains(partition)) {
            throw new IllegalStateException(
                    "You can only check the position for partitions assigned to this consumer.");
        }
        intake.takeDeliveries();
        lanes.tellChanges();
        FetchPosition known = lanes.position(partition);
        if (known == null) {
            known = waiting.explained(
                    id -> new Question.Position(id, partition),
                    timeout,
                    "the position for partition " + partition,
                    pending -> lookedUp(partition, pending));
        }
        return known.offset();
    }

    private @Nullable FetchPosition lookedUp(TopicPartition partition, Loop.PendingQuestion pending) {
        intake.takeDeliveries();
        lanes.tellChanges();
        intake.throwIfRaised();
        lanes.throwIfUnpositioned(partition);
        FetchPosition found = lanes.position(partition);
        if (found == null) {
            // The position itself is the answer. The question ends only if there can be no position, with an exception.
            Waiting.answerTo(pending);
        }
        return found;
    }

    /**
     * Returns how many offsets the position is behind the end of what may be read, if both are known.
     *
     * @throws IllegalStateException if the partition is not assigned
     */
    public OptionalLong currentLag(TopicPartition partition) {
        intake.takeDeliveries();
        lanes.tellChanges();
        FetchPosition position = lanes.position(partition);
        return position == null
                ? OptionalLong.empty()
                : lanes.watermarks(partition).lag(position, readCommitted);
    }
}
