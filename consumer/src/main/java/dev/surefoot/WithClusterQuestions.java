package dev.surefoot;

import dev.surefoot.runtime.ClusterQuestions;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.OneThreadAtATime;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The part of Kafka's interface that queries the cluster and changes nothing. Each call sends requests to the brokers,
 * and may be about partitions that are not assigned. The methods check thread and arguments and delegate to
 * {@link ClusterQuestions}.
 */
abstract class WithClusterQuestions<K, V> extends WithCommits<K, V> {
    private final OneThreadAtATime access;
    private final ClusterQuestions questions;
    private final Duration apiTimeout;

    /**
     * @param access refuses a second thread
     * @param apiTimeout {@code default.api.timeout.ms}, for calls without a timeout
     */
    WithClusterQuestions(OneThreadAtATime access, ConsumerRuntime<K, V> runtime, Duration apiTimeout) {
        super(access, runtime, apiTimeout);
        this.access = access;
        this.questions = runtime.questions();
        this.apiTimeout = apiTimeout;
    }

    /**
     * Returns what {@link #partitionsFor(String, Duration)} does within {@code default.api.timeout.ms}, and throws the
     * same.
     */
    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return partitionsFor(topic, apiTimeout);
    }

    /**
     * Returns the partitions of a topic, with leaders and replicas, or the empty list if there is no such topic. With
     * {@code allow.auto.create.topics} a broker may create it. One thread at a time.
     *
     * @param topic its name, not null
     * @param timeout how long to wait for an answer; zero or more
     * @throws TimeoutException if there is no answer in time; the message says why
     * @throws KafkaException if the topic is not authorized, its name is not allowed, or the wait is woken or
     *     interrupted
     */
    @Override
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        return access.guarded(() -> {
            Arguments.topic(topic);
            Arguments.timeout(timeout);
            return questions.partitionsFor(topic, timeout);
        });
    }

    /** Returns what {@link #listTopics(Duration)} does within {@code default.api.timeout.ms}, and throws the same. */
    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
        return listTopics(apiTimeout);
    }

    /**
     * Returns the partitions of all topics that this client may describe, by topic. One thread at a time.
     *
     * @param timeout how long to wait for an answer; zero or more
     * @throws TimeoutException if there is no answer in time; the message says why
     * @throws KafkaException if the wait is woken or interrupted
     */
    @Override
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        return access.guarded(() -> {
            Arguments.timeout(timeout);
            return questions.listTopics(timeout);
        });
    }

    /**
     * Returns what {@link #beginningOffsets(Collection, Duration)} does within {@code default.api.timeout.ms}, and
     * throws the same.
     */
    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return beginningOffsets(partitions, apiTimeout);
    }

    /**
     * Returns the log start offset of each partition: the lowest offset that a record of it can have. One thread at a
     * time.
     *
     * @param partitions of any topics; neither null nor with null in it
     * @param timeout how long to wait for all answers; zero or more, and with less than 1 ms the result is empty
     * @throws TimeoutException if an answer is missing in time; the message says which and why
     * @throws KafkaException if a topic is not authorized, or the wait is woken or interrupted
     */
    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return access.guarded(() -> {
            Arguments.askedFor(partitions, timeout);
            return questions.beginningOffsets(partitions, timeout);
        });
    }

    /**
     * Returns what {@link #endOffsets(Collection, Duration)} does within {@code default.api.timeout.ms}, and throws the
     * same.
     */
    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return endOffsets(partitions, apiTimeout);
    }

    /**
     * Returns the end offset of each partition: the high watermark, or with {@code isolation.level=read_committed} the
     * last stable offset. One thread at a time.
     *
     * @param partitions of any topics; neither null nor with null in it
     * @param timeout how long to wait for all answers; zero or more, and with less than 1 ms the result is empty
     * @throws TimeoutException if an answer is missing in time; the message says which and why
     * @throws KafkaException if a topic is not authorized, or the wait is woken or interrupted
     */
    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return access.guarded(() -> {
            Arguments.askedFor(partitions, timeout);
            return questions.endOffsets(partitions, timeout);
        });
    }

    /**
     * Returns what {@link #offsetsForTimes(Map, Duration)} does within {@code default.api.timeout.ms}, and throws the
     * same.
     */
    @Override
    @SuppressWarnings("NullAway") // null where no record is so young, which Kafka's interface does not say in its types
    public Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestampsToSearch) {
        return offsetsForTimes(timestampsToSearch, apiTimeout);
    }

    /**
     * Returns for each partition its first record whose timestamp is at or after the one given, or null where there is
     * none. One thread at a time.
     *
     * @param timestampsToSearch in milliseconds since the epoch, zero or more; neither null nor with null in it
     * @param timeout how long to wait for all answers; zero or more, and with less than 1 ms every value is null
     * @throws TimeoutException if an answer is missing in time; the message says which and why
     * @throws KafkaException if a topic is not authorized, or the wait is woken or interrupted
     */
    @Override
    @SuppressWarnings("NullAway") // null where no record is so young, which Kafka's interface does not say in its types
    public Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestampsToSearch, Duration timeout) {
        return access.guarded(() -> {
            Arguments.askedFor(timestampsToSearch, timeout);
            return questions.offsetsForTimes(timestampsToSearch, timeout);
        });
    }
}
