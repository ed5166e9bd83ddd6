package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataDelta;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataImage;

/** The topics of the model at one moment, as Kafka's coordinator wants to see them. */
record GivenImage(Map<String, TopicCatalog.Topic> topics, long version) implements CoordinatorMetadataImage {

    static GivenImage of(TopicCatalog topics) {
        Map<String, TopicCatalog.Topic> byName = new LinkedHashMap<>();
        topics.topics().forEach(topic -> byName.put(topic.name(), topic));
        return new GivenImage(byName, topics.version());
    }

    /** What has changed since an earlier moment. */
    CoordinatorMetadataDelta since(GivenImage earlier) {
        Set<Uuid> before = earlier.topicIds();
        Set<Uuid> now = topicIds();
        Set<Uuid> created = new TreeSet<>(now);
        created.removeAll(before);
        Set<Uuid> deleted = new TreeSet<>(before);
        deleted.removeAll(now);
        Set<Uuid> changed = topics.values().stream()
                .filter(topic -> !topic.equals(earlier.topics().get(topic.name())))
                .map(TopicCatalog.Topic::id)
                .collect(Collectors.toCollection(TreeSet::new));
        return new Delta(created, changed, deleted, earlier);
    }

    private record Delta(
            Collection<Uuid> createdTopicIds,
            Collection<Uuid> changedTopicIds,
            Set<Uuid> deletedTopicIds,
            CoordinatorMetadataImage image)
            implements CoordinatorMetadataDelta {}

    private record GivenTopic(String name, Uuid id, int partitionCount) implements TopicMetadata {
        @Override
        public List<String> partitionRacks(int partition) {
            return new ArrayList<>();
        }
    }

    @Override
    public Set<Uuid> topicIds() {
        return topics.values().stream().map(TopicCatalog.Topic::id).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public Set<String> topicNames() {
        return topics.keySet();
    }

    @Override
    public Optional<TopicMetadata> topicMetadata(String name) {
        return Optional.ofNullable(topics.get(name)).map(GivenImage::metadata);
    }

    @Override
    public Optional<TopicMetadata> topicMetadata(Uuid id) {
        return topics.values().stream()
                .filter(topic -> topic.id().equals(id))
                .findFirst()
                .map(GivenImage::metadata);
    }

    private static TopicMetadata metadata(TopicCatalog.Topic topic) {
        return new GivenTopic(topic.name(), topic.id(), topic.partitions());
    }

    @Override
    public CoordinatorMetadataDelta emptyDelta() {
        return new Delta(Set.of(), Set.of(), Set.of(), this);
    }

    @Override
    public boolean isEmpty() {
        return topics.isEmpty();
    }
}
