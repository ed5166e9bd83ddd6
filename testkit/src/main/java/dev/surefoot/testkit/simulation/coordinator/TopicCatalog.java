package dev.surefoot.testkit.simulation.coordinator;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The topics that the coordinator knows of. */
public final class TopicCatalog {
    /** A topic of one incarnation. */
    public record Topic(String name, Uuid id, int partitions) {}

    private final TreeMap<String, Topic> byName = new TreeMap<>();
    private final SplittableRandom random;
    private final TreeMap<String, Long> changedAt = new TreeMap<>();
    private final TreeSet<String> hidden = new TreeSet<>();
    private long version;
    private long creationVersion;

    public TopicCatalog(SplittableRandom random) {
        this.random = random;
    }

    /** Creates a topic with a new id; a topic of this name that is there already is deleted before. */
    public Topic create(String name, int partitions) {
        return create(name, new Uuid(random.nextLong(), random.nextLong()), partitions);
    }

    /** Creates a topic with an id that was drawn elsewhere. */
    public Topic create(String name, Uuid id, int partitions) {
        Topic topic = new Topic(name, id, partitions);
        byName.put(name, topic);
        creationVersion = noteChange(name);
        return topic;
    }

    public void delete(String name) {
        byName.remove(name);
        noteChange(name);
    }

    /** @throws IllegalArgumentException if there is no such topic, or it has as many partitions already */
    public void addPartitions(String name, int total) {
        Topic topic = byName.get(name);
        if (topic == null || topic.partitions() >= total) {
            throw new IllegalArgumentException("cannot give " + topic + " " + total + " partitions");
        }
        byName.put(name, new Topic(name, topic.id(), total));
        noteChange(name);
    }

    private long noteChange(String name) {
        changedAt.put(name, ++version);
        return version;
    }

    /** Takes away, or gives back, the right to describe a topic. Regular expressions do not match a hidden one. */
    public void setHidden(String name, boolean isHidden) {
        if (isHidden) {
            hidden.add(name);
        } else {
            hidden.remove(name);
        }
    }

    boolean isHidden(String name) {
        return hidden.contains(name);
    }

    /** The version with which a topic was created last. */
    long creationVersion() {
        return creationVersion;
    }

    /** Whether one of these topics was created, deleted or got partitions after that version. */
    boolean changedSince(long earlier, Collection<String> names) {
        return names.stream().anyMatch(name -> changedAt.getOrDefault(name, 0L) > earlier);
    }

    /** The names of all topics that exist or did. */
    public SortedSet<String> namesEver() {
        return new TreeSet<>(changedAt.keySet());
    }

    /** Grows with each change. */
    public long version() {
        return version;
    }

    /** All topics in the order of their names. */
    public List<Topic> topics() {
        return List.copyOf(byName.values());
    }

    public @Nullable Topic topic(String name) {
        return byName.get(name);
    }

    public @Nullable Topic topic(Uuid id) {
        for (Topic topic : byName.values()) {
            if (topic.id().equals(id)) {
                return topic;
            }
        }
        return null;
    }

    public boolean exists(TopicPartition partition) {
        Topic topic = byName.get(partition.topic());
        return topic != null && partition.partition() >= 0 && partition.partition() < topic.partitions();
    }
}
