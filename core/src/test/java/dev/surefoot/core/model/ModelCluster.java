package dev.surefoot.core.model;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Brokers with logs, sessions and opinions. Record timestamps equal their offsets. Every partition is on every broker.
 */
public final class ModelCluster {
    private final TreeMap<Integer, ModelBrokerSessions> brokers = new TreeMap<>();
    private final Map<TopicPartition, ModelLog> logs =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private final Map<TopicPartition, BrokerError> errors = new HashMap<>();
    private long lastTopicId;
    private int budget;
    private boolean served;
    private boolean mayPrefer;

    /** Whether metadata names leaders. */
    public boolean leadersInMetadata = true;

    /** Whether metadata has topic ids. */
    public boolean idsInMetadata = true;

    /** Topic ids that metadata gives instead of the true ones, as a broker that lags behind does. */
    public final Map<String, Uuid> staleIds = new HashMap<>();

    /** Whether brokers name the new leader when they refuse a fetch (KIP-951). */
    public boolean leaderHints;

    /** Partitions that answers to questions about offsets and epochs leave out: a fault. */
    public final Set<TopicPartition> leftOut = new HashSet<>();

    /** What leaders say of offsets instead of what their logs hold. */
    public final Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> offsetsFound = new HashMap<>();

    /** What leaders say of epochs instead of what their logs hold. */
    public final Map<TopicPartition, OffsetForLeaderEpochAnswer.EpochEndOffset> epochEnds = new HashMap<>();

    public ModelCluster(int count) {
        for (int id = 1; id <= count; id++) {
            addBroker(id);
        }
    }

    /** One more broker, which is a replica of every partition. */
    public void addBroker(int nodeId) {
        brokers.put(nodeId, new ModelBrokerSessions((key, target) -> read(nodeId, key, target)));
    }

    public ModelBrokerSessions broker(int nodeId) {
        return brokers.get(nodeId);
    }

    public Set<Integer> brokerIds() {
        return brokers.keySet();
    }

    public List<Node> nodes() {
        return brokers.keySet().stream()
                .map(id -> new Node(id, "broker-" + id, 9092))
                .toList();
    }

    public ModelLog create(TopicPartition partition, int leader) {
        Uuid topicId = logs.entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(partition.topic()))
                .map(entry -> entry.getValue().topicId)
                .findAny()
                .orElseGet(() -> new Uuid(1, ++lastTopicId));
        ModelLog log = new ModelLog(topicId, leader);
        logs.put(partition, log);
        return log;
    }

    /** Deletes a topic and creates it again, empty and with another id. */
    public void recreate(String topic) {
        Uuid topicId = new Uuid(2, ++lastTopicId);
        logs.forEach((partition, log) -> {
            if (partition.topic().equals(topic)) {
                log.topicId = topicId;
                log.batches.clear();
                log.startOffset = 0;
                log.epoch = 1;
            }
        });
    }

    /** Deletes a topic. */
    public void delete(String topic) {
        logs.keySet().removeIf(partition -> partition.topic().equals(topic));
    }

    public ModelLog log(TopicPartition partition) {
        return logs.get(partition);
    }

    public TopicIdPartition key(TopicPartition partition) {
        return new TopicIdPartition(logs.get(partition).topicId, partition);
    }

    /** Makes every fetch of and question about a partition fail; NONE ends that. */
    public void fail(TopicPartition partition, BrokerError error) {
        errors.put(partition, error);
    }

    public MetadataAnswer metadata(MetadataQuery query) {
        Set<String> names = new TreeSet<>();
        if (query.topics() == null) {
            logs.keySet().forEach(partition -> names.add(partition.topic()));
        } else {
            names.addAll(query.topics());
        }
        return new MetadataAnswer(
                BrokerError.NONE,
                0,
                "model",
                nodes(),
                names.stream().map(this::describe).toList());
    }

    private TopicMetadata describe(String topic) {
        List<PartitionMetadata> partitions = new ArrayList<>();
        Uuid topicId = Uuid.ZERO_UUID;
        List<Integer> replicas = List.copyOf(brokers.keySet());
        for (Map.Entry<TopicPartition, ModelLog> entry : logs.entrySet()) {
            if (entry.getKey().topic().equals(topic)) {
                ModelLog log = entry.getValue();
                topicId = idsInMetadata ? staleIds.getOrDefault(topic, log.topicId) : Uuid.ZERO_UUID;
                partitions.add(new PartitionMetadata(
                        entry.getKey().partition(),
                        leadersInMetadata ? BrokerError.NONE : BrokerError.LEADER_NOT_AVAILABLE,
                        leadersInMetadata ? log.leader : -1,
                        log.epoch,
                        replicas,
                        replicas,
                        List.of()));
            }
        }
        BrokerError error = partitions.isEmpty() ? BrokerError.UNKNOWN_TOPIC_OR_PARTITION : BrokerError.NONE;
        return new TopicMetadata(topic, topicId, error, false, partitions);
    }

    public FetchAnswer fetch(int nodeId, FetchPlan plan, boolean namesRack, int maxBytes) {
        budget = maxBytes;
        mayPrefer = namesRack;
        served = false;
        return brokers.get(nodeId).serve(plan);
    }

    private PartitionAnswer read(int nodeId, TopicIdPartition key, FetchTarget target) {
        ModelLog log = logs.get(key.topicPartition());
        BrokerError error = errors.getOrDefault(key.topicPartition(), BrokerError.NONE);
        if (error != BrokerError.NONE) {
            return ModelAnswers.error(key, error);
        }
        if (!key.topicId().equals(Uuid.ZERO_UUID) && !key.topicId().equals(log.topicId)) {
            return ModelAnswers.error(key, BrokerError.UNKNOWN_TOPIC_ID);
        }
        if (log.frozenAt == nodeId) {
            return ModelAnswers.marks(key, target.fetchOffset());
        }
        boolean follower = log.preferredReplica == nodeId;
        if (log.leader != nodeId && !follower) {
            return leaderHints
                    ? ModelAnswers.moved(key, BrokerError.NOT_LEADER_OR_FOLLOWER, log.leader, log.epoch)
                    : ModelAnswers.error(key, BrokerError.NOT_LEADER_OR_FOLLOWER);
        }
        BrokerError fenced = fence(log, target.currentLeaderEpoch());
        if (fenced != BrokerError.NONE) {
            return ModelAnswers.error(key, fenced);
        }
        return read(key, target, log, log.leader == nodeId);
    }

    private PartitionAnswer read(TopicIdPartition key, FetchTarget target, ModelLog log, boolean leader) {
        long offset = target.fetchOffset();
        if (target.lastFetchedEpoch() >= 0) {
            int agreed = log.epochAtMost(target.lastFetchedEpoch());
            if (agreed < target.lastFetchedEpoch() || log.endOf(agreed) < offset) {
                return ModelAnswers.diverging(key, agreed, log.endOf(agreed));
            }
        }
        if (offset < log.startOffset || offset > log.endOffset()) {
            return ModelAnswers.error(key, BrokerError.OFFSET_OUT_OF_RANGE);
        }
        if (leader && mayPrefer && log.preferredReplica >= 0 && log.preferredReplica != log.leader) {
            return ModelAnswers.preferring(key, log.preferredReplica, log.endOffset());
        }
        ByteBuffer records =
                served && budget <= 0 ? ByteBuffer.allocate(0) : log.read(offset, Math.min(budget, target.maxBytes()));
        if (served && records.remaining() > budget) {
            records = ByteBuffer.allocate(0);
        }
        served |= records.hasRemaining();
        budget -= records.remaining();
        return ModelAnswers.records(key, log.endOffset(), records);
    }

    private static BrokerError fence(ModelLog log, int epoch) {
        if (epoch < 0 || epoch == log.epoch) {
            return BrokerError.NONE;
        }
        return epoch < log.epoch ? BrokerError.FENCED_LEADER_EPOCH : BrokerError.UNKNOWN_LEADER_EPOCH;
    }

    private BrokerError refusal(int nodeId, TopicPartition partition, int epoch) {
        ModelLog log = logs.get(partition);
        if (log == null) {
            return BrokerError.UNKNOWN_TOPIC_OR_PARTITION;
        }
        BrokerError error = errors.getOrDefault(partition, BrokerError.NONE);
        if (error != BrokerError.NONE) {
            return error;
        }
        return log.leader == nodeId ? fence(log, epoch) : BrokerError.NOT_LEADER_OR_FOLLOWER;
    }

    public ListOffsetsAnswer offsets(int nodeId, ListOffsetsQuery query) {
        Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> found = new HashMap<>();
        query.partitions().forEach((partition, at) -> {
            BrokerError error = refusal(nodeId, partition, at.currentLeaderEpoch());
            found.put(
                    partition,
                    error == BrokerError.NONE
                            ? find(logs.get(partition), at.timestamp())
                            : new ListOffsetsAnswer.PartitionOffset(error, -1, -1, -1));
        });
        found.putAll(offsetsFound);
        found.keySet().removeAll(leftOut);
        return new ListOffsetsAnswer(0, found);
    }

    private static ListOffsetsAnswer.PartitionOffset find(ModelLog log, long timestamp) {
        if (timestamp < 0) {
            // Nothing is in remote storage, so the local log begins where the log does.
            long offset = timestamp == ListOffsetsQuery.LATEST ? log.endOffset() : log.startOffset;
            return new ListOffsetsAnswer.PartitionOffset(BrokerError.NONE, offset, -1, -1);
        }
        long offset = Math.max(timestamp, log.startOffset);
        return offset < log.endOffset()
                ? new ListOffsetsAnswer.PartitionOffset(BrokerError.NONE, offset, offset, -1)
                : new ListOffsetsAnswer.PartitionOffset(BrokerError.NONE, -1, -1, -1);
    }

    public OffsetForLeaderEpochAnswer epochs(int nodeId, OffsetForLeaderEpochQuery query) {
        Map<TopicPartition, OffsetForLeaderEpochAnswer.EpochEndOffset> ends = new HashMap<>();
        query.partitions().forEach((partition, of) -> {
            BrokerError error = refusal(nodeId, partition, of.currentLeaderEpoch());
            if (error == BrokerError.NONE) {
                ModelLog log = logs.get(partition);
                int agreed = log.epochAtMost(of.leaderEpoch());
                ends.put(
                        partition,
                        new OffsetForLeaderEpochAnswer.EpochEndOffset(
                                error, agreed, agreed < 0 ? -1 : log.endOf(agreed)));
            } else {
                ends.put(partition, new OffsetForLeaderEpochAnswer.EpochEndOffset(error, -1, -1));
            }
        });
        ends.putAll(epochEnds);
        ends.keySet().removeAll(leftOut);
        return new OffsetForLeaderEpochAnswer(0, ends);
    }
}
