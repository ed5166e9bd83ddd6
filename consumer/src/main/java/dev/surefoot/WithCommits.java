package dev.surefoot;

import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.GroupCommits;
import dev.surefoot.runtime.OneThreadAtATime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The part of Kafka's interface about the offsets that a group commits. All methods throw
 * {@link InvalidGroupIdException} without a {@code group.id}. One thread at a time.
 */
abstract class WithCommits<K, V> extends WithSubscriptions<K, V> {
    private final OneThreadAtATime access;
    private final Duration apiTimeout;

    /** @param apiTimeout {@code default.api.timeout.ms}, for calls without a timeout */
    WithCommits(OneThreadAtATime access, ConsumerRuntime<K, V> runtime, Duration apiTimeout) {
        super(access, runtime);
        this.access = access;
        this.apiTimeout = apiTimeout;
    }

    /** Commits all positions as {@link #commitSync(Duration)} does, within {@code default.api.timeout.ms}. */
    @Override
    public void commitSync() {
        commitSync(apiTimeout);
    }

    /**
     * Commits the positions of all assigned partitions, and waits until that is done. The callbacks of earlier
     * asynchronous commits have run then.
     *
     * @throws CommitFailedException if this consumer is no member of the group any more
     * @throws TimeoutException if it is not done in time
     * @throws KafkaException if the commit cannot be made; the message says why
     */
    @Override
    public void commitSync(Duration timeout) {
        access.guarded(() -> {
            GroupCommits commits = member().commits();
            Arguments.timeout(timeout);
            commits.commitSync(commits.consumed(), timeout);
        });
    }

    /** Commits these offsets as {@link #commitSync(Map, Duration)} does, within {@code default.api.timeout.ms}. */
    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        commitSync(offsets, apiTimeout);
    }

    /**
     * Commits these offsets, and waits until that is done.
     *
     * @param offsets the next offset to read of each partition
     * @throws KafkaException as {@link #commitSync(Duration)} throws
     */
    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        access.guarded(() -> {
            GroupCommits commits = member().commits();
            Arguments.timeout(timeout);
            commits.commitSync(new HashMap<>(Arguments.offsets(offsets)), timeout);
        });
    }

    /** Commits all positions as {@link #commitAsync(OffsetCommitCallback)} does; a failure is logged. */
    @Override
    public void commitAsync() {
        commitAsync(null);
    }

    /**
     * Commits the positions of all assigned partitions without waiting.
     *
     * @param callback called with the outcome inside a later call of this consumer, in the order of the commits; or
     *     null
     */
    @Override
    public void commitAsync(@Nullable OffsetCommitCallback callback) {
        access.guarded(() -> {
            GroupCommits commits = member().commits();
            commits.commitAsync(commits.consumed(), callback);
        });
    }

    /**
     * Commits these offsets without waiting.
     *
     * @param offsets the next offset to read of each partition
     * @param callback called with the outcome inside a later call of this consumer, in the order of the commits; or
     *     null
     */
    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
        access.guarded(() -> member().commits().commitAsync(new HashMap<>(Arguments.offsets(offsets)), callback));
    }

    /** Returns what {@link #committed(Set, Duration)} does within {@code default.api.timeout.ms}. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return committed(partitions, apiTimeout);
    }

    /**
     * Returns the last offsets that the group has committed, from its coordinator; null for partitions without.
     *
     * @param partitions any partitions, assigned or not
     * @throws TimeoutException if there is no answer in time; the message says why
     * @throws KafkaException if the question is refused
     */
    @Override
    @SuppressWarnings("NullAway") // the interface has values that may be null
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        return access.guarded(() -> {
            GroupCommits commits = member().commits();
            Arguments.askedFor(partitions, timeout);
            return commits.committed(partitions, timeout);
        });
    }
}
