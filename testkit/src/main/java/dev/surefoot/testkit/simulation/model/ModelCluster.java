package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.error.BrokerError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka cluster as a consumer sees it: brokers with their fetch sessions, topics with their logs. It was written from
 * the protocol, not from the client, and is compared with a real broker. It has neither time nor connections; callers
 * supply both. Used by the simulation's thread.
 */
public final class ModelCluster {
    private static final String CLUSTER_ID = "simulated";

    private final TreeMap<Integer, ModelBroker> brokers = new TreeMap<>();
    private final Map<String, ModelTopic> topics = new LinkedHashMap<>();
    private final Map<Integer, Node> nodes = new TreeMap<>();
    private boolean idsInMetadata = true;
    /** The names of all topics that there are or were, by id. */
    private final Map<Uuid, String> namesEver = new HashMap<>();

    private long topicsEver;
    private long lastWriteId;

    /**
     * @param count how many brokers, with ids from 1 on
     * @param ids how session ids are chosen
     * @param slots session slots of each broker
     * @param firstSessionEpoch the epoch that a session expects after its opening request; 1 by the protocol
     * @param random the source of session ids
     */
    public ModelCluster(int count, SessionCache.Ids ids, int slots, int firstSessionEpoch, SplittableRandom random) {
        for (int id = 1; id <= count; id++) {
            SessionCache sessions = new SessionCache(ids, slots, firstSessionEpoch, random);
            brokers.put(id, new ModelBroker(id, this, sessions));
            nodes.put(id, new Node(id, "broker-" + id, 9092));
        }
    }

    /**
     * Returns the broker with this id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public ModelBroker broker(int id) {
        ModelBroker broker = brokers.get(id);
        if (broker == null) {
            throw new IllegalArgumentException("no broker " + id + " among " + brokers.keySet());
        }
        return broker;
    }

    /** Returns all brokers, whether they run or not. */
    public Collection<ModelBroker> brokers() {
        return brokers.values();
    }

    /** Returns the address of a broker. */
    public Node node(int id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    // Topics.

    /** Creates a topic. The brokers lead its partitions in turn, and each has a replica of all of them. */
    public ModelTopic create(String name, int partitions) {
        ModelTopic topic = new ModelTopic(name, new Uuid(1, ++topicsEver), new ArrayList<>());
        topics.put(name, topic);
        namesEver.put(topic.id(), name);
        addPartitions(name, partitions);
        return topic;
    }

    /** Adds {@code count} partitions to a topic. */
    public void addPartitions(String name, int count) {
        ModelTopic topic = Objects.requireNonNull(topics.get(name), "no topic of this name");
        List<Integer> ids = List.copyOf(brokers.keySet());
        for (int i = 0; i < count; i++) {
            int number = topic.partitions().size();
            int leader = ids.get(number % ids.size());
            ModelPartition added =
                    new ModelPartition(topic.id(), new TopicPartition(name, number), leader, new ArrayList<>(ids));
            topic.partitions().add(added);
            if (!broker(leader).isUp()) {
                added.elect(survivor(added));
            }
        }
    }

    /** Deletes a topic. */
    public void delete(String name) {
        topics.remove(name);
    }

    /** Returns the topic of this name, or null. */
    public @Nullable ModelTopic topic(String name) {
        return topics.get(name);
    }

    /** Returns all topics that exist now. */
    public Collection<ModelTopic> topics() {
        return topics.values();
    }

    /** Returns the name of the topic that has, or once had, this id, or null. */
    public @Nullable String nameEver(Uuid topicId) {
        return namesEver.get(topicId);
    }

    /**
     * Returns the name of this partition's topic: by its id, or the name itself if it has no id; null for an unknown
     * id.
     */
    @Nullable String nameOf(TopicIdPartition key) {
        if (key.topicId().equals(Uuid.ZERO_UUID)) {
            return key.topic();
        }
        for (ModelTopic topic : topics.values()) {
            if (topic.id().equals(key.topicId())) {
                return topic.name();
            }
        }
        return null;
    }

    /** Returns the partition of this name, or null. */
    public @Nullable ModelPartition partition(TopicPartition name) {
        ModelTopic topic = topics.get(name.topic());
        return topic == null || name.partition() >= topic.partitions().size()
                ? null
                : topic.partitions().get(name.partition());
    }

    PartitionLog log(TopicPartition name) {
        ModelPartition partition = partition(name);
        if (partition == null) {
            throw new IllegalArgumentException("no partition " + name);
        }
        return partition.log();
    }

    /** Takes write ids for so many new records; returns the first. */
    public long nextWriteIds(int count) {
        long first = lastWriteId + 1;
        lastWriteId += count;
        return first;
    }

    // Brokers.

    /** Stops a broker: its sessions are lost, and other replicas take over where there are some. */
    public void crash(int id) {
        broker(id).crash();
        for (ModelTopic topic : topics.values()) {
            for (ModelPartition partition : topic.partitions()) {
                if (partition.leader() == id) {
                    partition.elect(survivor(partition));
                }
            }
        }
    }

    private int survivor(ModelPartition partition) {
        return partition.replicas().stream()
                .filter(id -> broker(id).isUp())
                .findFirst()
                .orElse(ModelPartition.NOBODY);
    }

    /** Starts a broker that was crashed; it leads the partitions that no other replica could lead. */
    public void restart(int id) {
        broker(id).restart();
        for (ModelTopic topic : topics.values()) {
            for (ModelPartition partition : topic.partitions()) {
                if (partition.leader() == ModelPartition.NOBODY
                        && partition.replicas().contains(id)) {
                    partition.elect(id);
                }
            }
        }
    }

    /**
     * Elects another replica that has all records; does nothing and returns false if the broker is down or has no
     * replica.
     */
    public boolean electLeader(ModelPartition partition, int id) {
        if (!broker(id).isUp() || !partition.replicas().contains(id)) {
            return false;
        }
        partition.elect(id);
        return true;
    }

    /**
     * Moves the only copy of a partition to this broker, which leads it from then on; does nothing and returns false if
     * the broker is down.
     */
    public boolean moveReplicas(ModelPartition partition, int id) {
        if (!broker(id).isUp()) {
            return false;
        }
        partition.reassign(List.of(id));
        partition.elect(id);
        return true;
    }

    // Metadata.

    /** Sets whether metadata has topic ids. */
    public void idsInMetadata(boolean has) {
        idsInMetadata = has;
    }

    /** Returns the current state of these topics, or of all for null. */
    MetadataAnswer describe(@Nullable Set<String> names) {
        List<TopicMetadata> described = new ArrayList<>();
        if (names == null) {
            topics.values().forEach(topic -> described.add(describe(topic)));
        } else {
            for (String name : names) {
                ModelTopic topic = topics.get(name);
                described.add(topic == null ? unknown(name) : describe(topic));
            }
        }
        List<Node> up = new ArrayList<>();
        brokers.values().stream().filter(ModelBroker::isUp).forEach(broker -> up.add(node(broker.id())));
        return new MetadataAnswer(BrokerError.NONE, 0, CLUSTER_ID, up, described);
    }

    private TopicMetadata describe(ModelTopic topic) {
        List<PartitionMetadata> partitions = new ArrayList<>();
        for (ModelPartition partition : topic.partitions()) {
            boolean led = partition.leader() != ModelPartition.NOBODY;
            List<Integer> up = partition.replicas().stream()
                    .filter(id -> broker(id).isUp())
                    .toList();
            List<Integer> down = partition.replicas().stream()
                    .filter(id -> !broker(id).isUp())
                    .toList();
            partitions.add(new PartitionMetadata(
                    partition.name().partition(),
                    led ? BrokerError.NONE : BrokerError.LEADER_NOT_AVAILABLE,
                    partition.leader(),
                    partition.leaderEpoch(),
                    partition.replicas(),
                    up,
                    down));
        }
        return new TopicMetadata(
                topic.name(), idsInMetadata ? topic.id() : Uuid.ZERO_UUID, BrokerError.NONE, false, partitions);
    }

    private static TopicMetadata unknown(String name) {
        return new TopicMetadata(name, Uuid.ZERO_UUID, BrokerError.UNKNOWN_TOPIC_OR_PARTITION, false, List.of());
    }

    /** Returns the part of an answer that concerns these topics. */
    static MetadataAnswer only(MetadataAnswer all, @Nullable Set<String> names) {
        if (names == null) {
            return all;
        }
        List<TopicMetadata> some = new ArrayList<>();
        for (String name : names) {
            some.add(all.topics().stream()
                    .filter(topic -> topic.name().equals(name))
                    .findAny()
                    .orElse(unknown(name)));
        }
        return new MetadataAnswer(all.error(), 0, all.clusterId(), all.brokers(), some);
    }
}
