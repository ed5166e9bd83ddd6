package dev.surefoot.core.cluster;

import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.error.BrokerError;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The brokers and leaders by the newest metadata. A broker that lags behind may answer with an older leader epoch than
 * one seen before. Such a leader is ignored (KIP-320). Owned by the loop's thread.
 */
public final class Cluster {

    private record Topic(
            Uuid id, Map<Integer, PartitionLeader> leaders, Map<Integer, LeaderlessPartition> leaderless) {}

    private final Map<Integer, Node> brokers = new HashMap<>();
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, TopicAbsence> absences = new HashMap<>();
    private int version;

    /** The brokers of the newest metadata. */
    public Collection<Node> brokers() {
        return brokers.values();
    }

    /** The broker with this id, or null if metadata has none. */
    public @Nullable Node broker(int nodeId) {
        return brokers.get(nodeId);
    }

    /** A number that changes whenever a leader may have changed. */
    public int version() {
        return version;
    }

    /** The leader of this partition, or why there is none. */
    public PartitionLeader leader(TopicPartition partition) {
        Topic topic = topics.get(partition.topic());
        if (topic == null) {
            return absences.containsKey(partition.topic()) ? PartitionLeader.NO_TOPIC : PartitionLeader.NOT_DESCRIBED;
        }
        return topic.leaders().getOrDefault(partition.partition(), PartitionLeader.NO_PARTITION);
    }

    /** Whether no broker has described a topic of this name while it was of interest. */
    public boolean isNew(String topic) {
        TopicAbsence absence = absences.get(topic);
        return !topics.containsKey(topic) && (absence == null || !absence.describedBefore());
    }

    /** What brokers say of a topic that they do not describe, or null if the last answer about it did. */
    public @Nullable TopicAbsence absence(String topic) {
        return absences.get(topic);
    }

    /** What is known of a partition that has no leader, or null if it has one or does not exist. */
    public @Nullable LeaderlessPartition leaderless(TopicPartition partition) {
        Topic topic = topics.get(partition.topic());
        return topic == null ? null : topic.leaderless().get(partition.partition());
    }

    /** The number of partitions of a topic, or 0 if the topic is not known. */
    public int partitionCount(String topic) {
        Topic known = topics.get(topic);
        return known == null ? 0 : known.leaders().size();
    }

    /**
     * Takes over the metadata of an answer.
     *
     * @return the partitions whose leader, leader epoch or topic id has changed
     */
    public Set<TopicPartition> update(MetadataAnswer answer, long nowNanos) {
        version++;
        brokers.clear();
        answer.brokers().forEach(broker -> brokers.put(broker.id(), broker));
        Set<TopicPartition> changed = new HashSet<>();
        for (TopicMetadata described : answer.topics()) {
            if (described.error() == BrokerError.NONE) {
                absences.remove(described.name());
                update(described, changed, nowNanos);
            } else {
                absences.put(described.name(), absence(described, nowNanos));
                if (described.error() == BrokerError.UNKNOWN_TOPIC_OR_PARTITION) {
                    remove(described.name(), changed);
                }
            }
        }
        return changed;
    }

    private TopicAbsence absence(TopicMetadata described, long nowNanos) {
        TopicAbsence before = absences.get(described.name());
        if (before != null) {
            return before.answeredAgain(described.error(), described.errorCode(), nowNanos);
        }
        Topic known = topics.get(described.name());
        return new TopicAbsence(
                described.error(),
                described.errorCode(),
                nowNanos,
                nowNanos,
                1,
                known == null ? Uuid.ZERO_UUID : known.id(),
                known != null);
    }

    private void update(TopicMetadata described, Set<TopicPartition> changed, long nowNanos) {
        Topic before = topics.get(described.name());
        boolean sameTopic = before != null && before.id().equals(described.topicId());
        Map<Integer, PartitionLeader> leaders = new HashMap<>();
        Map<Integer, LeaderlessPartition> leaderless = new HashMap<>();
        for (PartitionMetadata partition : described.partitions()) {
            PartitionLeader known = before == null ? null : before.leaders().get(partition.partition());
            PartitionLeader told =
                    new PartitionLeader(described.topicId(), partition.leaderId(), partition.leaderEpoch());
            boolean stale = sameTopic && known != null && isOlder(told, known);
            PartitionLeader now = stale ? Objects.requireNonNull(known) : told;
            leaders.put(partition.partition(), now);
            if (!now.isKnown()) {
                leaderless.put(partition.partition(), leaderless(before, partition, nowNanos));
            }
            if (!now.equals(known)) {
                changed.add(new TopicPartition(described.name(), partition.partition()));
            }
        }
        topics.put(described.name(), new Topic(described.topicId(), leaders, leaderless));
        if (before != null) {
            before.leaders().keySet().stream()
                    .filter(partition -> !leaders.containsKey(partition))
                    .forEach(partition -> changed.add(new TopicPartition(described.name(), partition)));
        }
    }

    private static LeaderlessPartition leaderless(@Nullable Topic topic, PartitionMetadata partition, long nowNanos) {
        LeaderlessPartition before = topic == null ? null : topic.leaderless().get(partition.partition());
        return new LeaderlessPartition(
                partition.error(),
                before == null ? nowNanos : before.sinceNanos(),
                partition.replicas(),
                partition.inSyncReplicas(),
                partition.offlineReplicas());
    }

    /**
     * Whether the leader that a broker sent is older than the known one. A leader without an epoch is never older:
     * brokers sent none before KIP-320.
     */
    private static boolean isOlder(PartitionLeader told, PartitionLeader known) {
        return told.leaderEpoch() >= 0 && told.leaderEpoch() < known.leaderEpoch();
    }

    private void remove(String name, Set<TopicPartition> changed) {
        Topic gone = topics.remove(name);
        if (gone != null) {
            gone.leaders().keySet().forEach(partition -> changed.add(new TopicPartition(name, partition)));
        }
    }

    /**
     * Takes over a leader that a Fetch answer named (KIP-951).
     *
     * @param endpoints the addresses of leaders in the same answer
     * @return whether the leader or its epoch has changed
     */
    public boolean update(TopicPartition partition, int leaderId, int leaderEpoch, List<Node> endpoints) {
        Topic topic = topics.get(partition.topic());
        PartitionLeader known = leader(partition);
        if (topic == null || !known.topicId().equals(topic.id()) || leaderEpoch <= known.leaderEpoch()) {
            return false;
        }
        for (Node endpoint : endpoints) {
            if (endpoint.id() == leaderId) {
                brokers.put(leaderId, endpoint);
            }
        }
        if (!brokers.containsKey(leaderId)) {
            return false;
        }
        version++;
        topic.leaderless().remove(partition.partition());
        topic.leaders().put(partition.partition(), new PartitionLeader(topic.id(), leaderId, leaderEpoch));
        return true;
    }

    /** Drops what brokers have said of topics other than these, which nobody asks about any more. */
    public void retain(Set<String> topicNames) {
        version++;
        topics.keySet().retainAll(topicNames);
        absences.keySet().retainAll(topicNames);
    }
}
