package dev.surefoot.core.cluster;

import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.error.BrokerError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The topics that metadata has described, with their ids and replicas, for what a group needs to know of them. A topic
 * that could not be described this time stays as it was described last. Owned by the loop's thread.
 */
public final class TopicDirectory {
    private static final Node[] NO_NODES = {};
    /** So many names of topics that are gone are kept, as an assignment may name their ids for longer. */
    private static final int GONE_MAX = 1_000;

    private final Map<String, TopicMetadata> topics = new HashMap<>();
    /** In the order in which they were first described. */
    private final Map<Uuid, String> names = new LinkedHashMap<>();

    private Map<Integer, Node> brokers = Map.of();
    /** The topics that the latest answer describes. */
    private Set<String> latest = Set.of();
    /** Whether the latest answer is about all topics. */
    private boolean all;

    /**
     * Takes over what an answer says.
     *
     * @param aboutAll whether the answer is about all topics, so that one which it does not name does not exist
     */
    public void update(MetadataAnswer answer, boolean aboutAll) {
        Map<Integer, Node> described = new HashMap<>();
        answer.brokers().forEach(broker -> described.put(broker.id(), broker));
        brokers = described;
        Set<String> mentioned = new HashSet<>();
        Set<String> now = new HashSet<>();
        for (TopicMetadata topic : answer.topics()) {
            mentioned.add(topic.name());
            if (topic.error() == BrokerError.NONE) {
                topics.put(topic.name(), topic);
                now.add(topic.name());
                if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                    names.put(topic.topicId(), topic.name());
                }
            } else if (topic.error() == BrokerError.UNKNOWN_TOPIC_OR_PARTITION) {
                topics.remove(topic.name());
            }
        }
        if (aboutAll) {
            topics.keySet().retainAll(mentioned);
        }
        all = aboutAll;
        latest = now;
        forgetOldest();
    }

    private void forgetOldest() {
        int tooMany = names.size() - topics.size() - GONE_MAX;
        if (tooMany > 0) {
            Iterator<Map.Entry<Uuid, String>> oldest = names.entrySet().iterator();
            while (tooMany > 0 && oldest.hasNext()) {
                Map.Entry<Uuid, String> known = oldest.next();
                if (!id(known.getValue()).equals(known.getKey())) {
                    oldest.remove();
                    tooMany--;
                }
            }
        }
    }

    /** Whether the latest answer was about all topics, so that none is missing here. */
    public boolean hasAll() {
        return all;
    }

    /** Whether the latest answer describes all of these, so that nothing of them is known from earlier ones only. */
    public boolean describedLast(Collection<String> wanted) {
        return latest.containsAll(wanted);
    }

    /**
     * The name of the topic with this id, or null if it was never described, or is gone and {@value #GONE_MAX} others
     * are since. It stays known when the topic is deleted, as an assignment may name the id for longer.
     */
    public @Nullable String name(Uuid topicId) {
        return names.get(topicId);
    }

    /** The id of the topic that has this name now, or {@link Uuid#ZERO_UUID} if it is not known. */
    public Uuid id(String topic) {
        TopicMetadata known = topics.get(topic);
        return known == null ? Uuid.ZERO_UUID : known.topicId();
    }

    /**
     * The known topics whose whole name the pattern matches, in the order of their names.
     *
     * @param failures takes why it cannot be said of a topic whether it matches; such a topic is left out
     */
    public Set<String> matching(Pattern pattern, boolean excludeInternal, Consumer<KafkaException> failures) {
        Set<String> matching = new TreeSet<>();
        topics.forEach((name, topic) -> {
            if (!(excludeInternal && topic.internal()) && matches(pattern, name, failures)) {
                matching.add(name);
            }
        });
        return matching;
    }

    /** A group that is repeated, as in {@code (a|b)*}, takes stack for each character. */
    private static boolean matches(Pattern pattern, String name, Consumer<KafkaException> failures) {
        try {
            return pattern.matcher(name).matches();
        } catch (StackOverflowError e) {
            failures.accept(new KafkaException(
                    "The pattern '" + pattern + "' that is subscribed to needs more stack than there is to match the"
                            + " topic '" + name + "'; write it without a repeated group, for example [ab]* for (a|b)*",
                    e));
            return false;
        }
    }

    /** Describes those of the topics that exist, in the order of their names; a value that does not change any more. */
    public org.apache.kafka.common.Cluster describe(Collection<String> wanted) {
        List<PartitionInfo> partitions = new ArrayList<>();
        Set<String> internal = new HashSet<>();
        Map<String, Uuid> ids = new HashMap<>();
        for (String name : new TreeSet<>(wanted)) {
            TopicMetadata topic = topics.get(name);
            if (topic != null) {
                topic.partitions().forEach(partition -> partitions.add(describe(name, partition)));
                ids.put(name, topic.topicId());
                if (topic.internal()) {
                    internal.add(name);
                }
            }
        }
        return new org.apache.kafka.common.Cluster(
                null, brokers.values(), partitions, Set.of(), Set.of(), internal, null, ids);
    }

    private PartitionInfo describe(String topic, PartitionMetadata partition) {
        return new PartitionInfo(
                topic,
                partition.partition(),
                brokers.get(partition.leaderId()),
                nodes(partition.replicas()),
                nodes(partition.inSyncReplicas()),
                nodes(partition.offlineReplicas()));
    }

    private Node[] nodes(List<Integer> ids) {
        return ids.stream()
                .map(id -> brokers.getOrDefault(id, new Node(id, "", -1)))
                .toList()
                .toArray(NO_NODES);
    }

    /**
     * What an assignment of these topics depends on: their partitions, and the racks of the replicas if racks matter.
     * Two answers that are equal call for no new assignment.
     */
    public Map<TopicPartition, Set<String>> assignable(Collection<String> wanted, boolean racks) {
        Map<TopicPartition, Set<String>> assignable = new HashMap<>();
        for (String name : wanted) {
            TopicMetadata topic = topics.get(name);
            if (topic != null) {
                topic.partitions()
                        .forEach(partition -> assignable.put(
                                new TopicPartition(name, partition.partition()), racks ? racks(partition) : Set.of()));
            }
        }
        return assignable;
    }

    private Set<String> racks(PartitionMetadata partition) {
        Set<String> racks = new TreeSet<>();
        for (int replica : partition.replicas()) {
            Node broker = brokers.get(replica);
            if (broker != null && broker.rack() != null) {
                racks.add(broker.rack());
            }
        }
        return racks;
    }
}
