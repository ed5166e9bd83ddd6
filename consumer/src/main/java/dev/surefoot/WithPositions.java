package dev.surefoot;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.runtime.ClusterQuestions;
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
 * The part of Kafka's interface that is about positions of assigned partitions. It checks thread and arguments and
 * delegates to {@link Offsets}.
 */
abstract class WithPositions<K, V> extends WithClusterQuestions<K, V> {
    private final OneThreadAtATime access;
    private final Offsets offsets;
    private final Duration apiTimeout;

    /**
     * @param access who may come in
     * @param apiTimeout {@code default.api.timeout.ms}, for calls without a timeout
     */
    WithPositions(OneThreadAtATime access, Offsets offsets, ClusterQuestions questions, Duration apiTimeout) {
        super(access, questions, apiTimeout);
        this.access = access;
        this.offsets = offsets;
        this.apiTimeout = apiTimeout;
    }

    /**
     * Moves a partition to an offset, which is not looked at before the next fetch.
     *
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
     * Moves a partition to an offset. With its leader epoch, a log that was truncated meanwhile is noticed (KIP-320).
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
     * Moves partitions to their first offsets, which are looked up by {@link #poll} or {@link #position}.
     *
     * @param partitions which ones; empty for all that are assigned
     * @throws IllegalStateException if one of them is not assigned
     */
    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        seekTo(partitions, new ResetStrategy.Earliest());
    }

    /**
     * Moves partitions to their ends, as {@link #endOffsets} has them when {@link #poll} or {@link #position} looks
     * them up.
     *
     * @param partitions which ones; empty for all that are assigned
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
     * Returns the offset of the next record that {@link #poll} would return, waiting for it to be looked up if need be.
     *
     * @throws IllegalStateException if the partition is not assigned
     * @throws TimeoutException if it is not found in time; says why not
     * @throws InvalidOffsetException if there is none, and {@code auto.offset.reset} is none
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
     * Returns how many offsets the position is behind the end of what may be read, or nothing if either is not known
     * yet. Does not wait.
     *
     * @throws IllegalStateException if the partition is not assigned
     */
    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return access.guarded(() -> offsets.currentLag(partition));
    }
}
