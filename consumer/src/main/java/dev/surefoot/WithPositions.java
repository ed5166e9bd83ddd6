package dev.surefoot;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.Offsets;
import dev.surefoot.runtime.OneThreadAtATime;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The part of Kafka's interface about positions of assigned partitions. The methods check thread and arguments and
 * delegate to {@link Offsets}.
 */
abstract class WithPositions<K, V> extends WithClusterQuestions<K, V> {
    private final OneThreadAtATime access;
    private final Offsets offsets;
    private final Duration apiTimeout;

    /**
     * @param access refuses a second thread
     * @param apiTimeout {@code default.api.timeout.ms}, for calls without a timeout
     */
    WithPositions(OneThreadAtATime access, ConsumerRuntime<K, V> runtime, Duration apiTimeout) {
        super(access, runtime, apiTimeout);
        this.access = access;
        this.offsets = runtime.offsets();
        this.apiTimeout = apiTimeout;
    }

    /**
     * Moves the position of a partition to an offset. Whether the offset exists is checked by the next fetch. One
     * thread at a time.
     *
     * @param offset the offset of the next record to return, 0 or more
     * @throws IllegalStateException if the partition is not assigned
     */
    @Override
    public void seek(TopicPartition partition, long offset) {
        access.guarded(() -> {
            Arguments.seekOffset(offset);
            offsets.seek(partition, FetchPosition.at(offset));
        });
    }

    /**
     * Moves the position of a partition to an offset. If a leader epoch is given, the next fetch detects that the log
     * was truncated meanwhile (KIP-320). One thread at a time.
     *
     * @param offsetAndMetadata offset and leader epoch; the metadata is not used
     * @throws IllegalStateException if the partition is not assigned
     */
    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offsetAndMetadata) {
        access.guarded(() -> {
            Arguments.seekOffset(offsetAndMetadata);
            offsets.seek(partition, FetchPosition.of(offsetAndMetadata.offset(), offsetAndMetadata.leaderEpoch()));
        });
    }

    /**
     * Moves partitions to their log start offsets, which {@link #poll} or {@link #position} looks up. One thread at a
     * time.
     *
     * @param partitions the partitions to move; empty for all that are assigned
     * @throws IllegalStateException if one of them is not assigned
     */
    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        seekTo(partitions, new ResetStrategy.Earliest());
    }

    /**
     * Moves partitions to their end offsets, see {@link #endOffsets}, which {@link #poll} or {@link #position} looks
     * up. One thread at a time.
     *
     * @param partitions the partitions to move; empty for all that are assigned
     * @throws IllegalStateException if one of them is not assigned
     */
    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        seekTo(partitions, new ResetStrategy.Latest());
    }

    private void seekTo(Collection<TopicPartition> partitions, ResetStrategy strategy) {
        access.guarded(() -> {
            Arguments.partitions(partitions);
            offsets.seek(partitions, strategy);
        });
    }

    /**
     * Returns what {@link #position(TopicPartition, Duration)} does within {@code default.api.timeout.ms}, and throws
     * the same.
     */
    @Override
    public long position(TopicPartition partition) {
        return position(partition, apiTimeout);
    }

    /**
     * Returns the offset of the next record that {@link #poll} would return; waits if the position has to be looked up.
     * One thread at a time.
     *
     * @param timeout how long to wait; zero or more
     * @throws IllegalStateException if the partition is not assigned
     * @throws TimeoutException if the position is not found in time; the message says why
     * @throws InvalidOffsetException if the partition has no position, and {@code auto.offset.reset} is none
     * @throws KafkaException if the topic is not authorized or cannot be read
     */
    @Override
    public long position(TopicPartition partition, Duration timeout) {
        return access.guarded(() -> {
            Arguments.timeout(timeout);
            return offsets.position(partition, timeout);
        });
    }

    /**
     * Returns how many offsets the position is behind the end offset, or nothing if either is not known yet. Does not
     * wait. One thread at a time.
     *
     * @throws IllegalStateException if the partition is not assigned
     */
    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return access.guarded(() -> offsets.currentLag(partition));
    }
}
