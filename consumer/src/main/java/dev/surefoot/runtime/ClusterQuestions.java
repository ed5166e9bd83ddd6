package dev.surefoot.runtime;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.engine.Question;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The application's queries about the cluster. Each one sends requests to brokers, so its answer is fresh; none of them
 * affects what is fetched. Used by the application's thread.
 */
public final class ClusterQuestions {
    /** With a shorter timeout no request is sent, as in {@code KafkaConsumer}. */
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(1);

    private final Waiting waiting;
    private final boolean allowAutoTopicCreation;

    ClusterQuestions(Waiting waiting, boolean allowAutoTopicCreation) {
        this.waiting = waiting;
        this.allowAutoTopicCreation = allowAutoTopicCreation;
    }

    /** Returns the partitions of a topic, empty if there is no such topic. */
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        MetadataAnswer answer = topics(Set.of(topic), timeout, "the partitions of topic " + topic);
        return describe(answer).getOrDefault(topic, List.of());
    }

    /** Returns the partitions of all topics that this client may describe. */
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        return describe(topics(null, timeout, "the list of topics"));
    }

    private MetadataAnswer topics(@Nullable Set<String> topics, Duration timeout, String what) {
        boolean create = topics != null && allowAutoTopicCreation;
        EngineEvent event = waiting.ask(id -> new Question.Topics(id, topics, create), timeout, what);
        return ((EngineEvent.TopicsFound) event).answer();
    }

    private static Map<String, List<PartitionInfo>> describe(MetadataAnswer answer) {
        Map<Integer, Node> brokers = new HashMap<>();
        answer.brokers().forEach(broker -> brokers.put(broker.id(), broker));
        Map<String, List<PartitionInfo>> described = new HashMap<>();
        for (TopicMetadata topic : answer.topics()) {
            if (topic.error() == BrokerError.NONE) {
                List<PartitionInfo> partitions = new ArrayList<>();
                topic.partitions().forEach(partition -> partitions.add(describe(topic.name(), partition, brokers)));
                described.put(topic.name(), partitions);
            }
        }
        return described;
    }

    private static PartitionInfo describe(String topic, PartitionMetadata partition, Map<Integer, Node> brokers) {
        return new PartitionInfo(
                topic,
                partition.partition(),
                brokers.get(partition.leaderId()),
                nodes(partition.replicas(), brokers),
                nodes(partition.inSyncReplicas(), brokers),
                nodes(partition.offlineReplicas(), brokers));
    }

    private static Node[] nodes(List<Integer> ids, Map<Integer, Node> brokers) {
        return ids.stream()
                .map(id -> brokers.getOrDefault(id, new Node(id, "", -1)))
                .toArray(Node[]::new);
    }

    /** Returns the log start offsets. With a timeout of zero the result is empty; that is no error. */
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return offsets(partitions, ListOffsetsQuery.EARLIEST, timeout, "the log start offsets");
    }

    /** Returns the high watermarks, or under {@code read_committed} the last stable offsets. */
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return offsets(partitions, ListOffsetsQuery.LATEST, timeout, "the end offsets");
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, long timestamp, Duration timeout, String what) {
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        partitions.forEach(partition -> timestamps.put(partition, timestamp));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        find(timestamps, timeout, what).forEach((partition, found) -> {
            if (found.offset() >= 0) {
                offsets.put(partition, found.offset());
            }
        });
        return offsets;
    }

    /** Returns the first offset whose timestamp is at or after the one given, null where there is none. */
    public Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestamps, Duration timeout) {
        Map<TopicPartition, @Nullable OffsetAndTimestamp> offsets = new HashMap<>();
        timestamps.keySet().forEach(partition -> offsets.put(partition, null));
        find(timestamps, timeout, "the offsets for the timestamps").forEach((partition, found) -> {
            Optional<Integer> epoch = found.leaderEpoch() < 0 ? Optional.empty() : Optional.of(found.leaderEpoch());
            if (found.error() == BrokerError.NONE && found.offset() >= 0) {
                offsets.put(partition, new OffsetAndTimestamp(found.offset(), found.timestamp(), epoch));
            }
        });
        return offsets;
    }

    /**
     * Returns the answers for all partitions, or none if the timeout is shorter than 1 ms, as in {@code KafkaConsumer}.
     */
    private Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> find(
            Map<TopicPartition, Long> timestamps, Duration timeout, String what) {
        if (timestamps.isEmpty() || timeout.compareTo(LEAST_TIMEOUT) < 0) {
            return Map.of();
        }
        Map<TopicPartition, Long> copy = new HashMap<>(timestamps);
        EngineEvent event = waiting.ask(id -> new Question.Offsets(id, copy), timeout, what);
        return ((EngineEvent.OffsetsFound) event).offsets();
    }
}
