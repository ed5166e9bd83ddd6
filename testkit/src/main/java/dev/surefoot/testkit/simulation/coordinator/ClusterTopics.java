package dev.surefoot.testkit.simulation.coordinator;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The topics that a coordinator knows of: its image of the cluster's metadata. A coordinator that is behind has an
 * instance of its own, which is changed later.
 */
public final class ClusterTopics {
    private final SortedMap<String, Topic> byName = new TreeMap<>();
    private final SortedMap<Uuid, Topic> byId = new TreeMap<>();
    private final SortedMap<String, Long> changedAt = new TreeMap<>();
    private final TreeSet<String> hidden = new TreeSet<>();
    private long version = 1;
    private long lastCreationVersion = 1;

    /** One incarnation of a topic. */
    public record Topic(String name, Uuid id, int partitions) {}

    /**
     * Adds a topic.
     *
     * @param id an id that no topic ever had
     * @throws IllegalArgumentException if there is a topic of this name, or no partition
     */
    public void create(String name, Uuid id, int partitions) {
        if (byName.containsKey(name) || partitions < 1) {
            throw new IllegalArgumentException("cannot create " + name + " of " + partitions + ": there are " + byName);
        }
        put(new Topic(name, id, partitions));
        lastCreationVersion = version;
    }

    /**
     * Deletes a topic.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public void delete(String name) {
        byId.remove(existing(name).id());
        byName.remove(name);
        changedAt.put(name, ++version);
    }

    /**
     * Adds partitions to a topic.
     *
     * @param total how many it has afterwards
     * @throws IllegalArgumentException if there is no topic of this name, or it has as many already
     */
    public void addPartitions(String name, int total) {
        Topic topic = existing(name);
        if (total <= topic.partitions()) {
            throw new IllegalArgumentException(name + " has " + topic.partitions() + " partitions already");
        }
        put(new Topic(name, topic.id(), total));
    }

    /** Takes away, or gives back, the right to describe a topic. Regular expressions do not match a hidden one. */
    public void setHidden(String name, boolean isHidden) {
        if (isHidden) {
            hidden.add(name);
        } else {
            hidden.remove(name);
        }
    }

    private void put(Topic topic) {
        byName.put(topic.name(), topic);
        byId.put(topic.id(), topic);
        changedAt.put(topic.name(), ++version);
    }

    private Topic existing(String name) {
        Topic topic = byName.get(name);
        if (topic == null) {
            throw new IllegalArgumentException("no topic " + name + " among " + byName.keySet());
        }
        return topic;
    }

    /** The topic of this name, or null. */
    public @Nullable Topic topic(String name) {
        return byName.get(name);
    }

    /** The topic with this id, or null. */
    public @Nullable Topic topic(Uuid id) {
        return byId.get(id);
    }

    /** All topics that exist, by name. */
    public SortedMap<String, Topic> all() {
        return Collections.unmodifiableSortedMap(byName);
    }

    /** The names of all topics that exist or did. */
    public SortedSet<String> namesEver() {
        return new TreeSet<>(changedAt.keySet());
    }

    boolean isHidden(String name) {
        return hidden.contains(name);
    }

    /** Grows with each change. */
    long version() {
        return version;
    }

    /** The version with which a topic was created last. */
    long lastCreationVersion() {
        return lastCreationVersion;
    }

    /** Whether one of these topics was created, deleted or got partitions after the version. */
    boolean changedSince(long earlier, Collection<String> names) {
        return names.stream().anyMatch(name -> changedAt.getOrDefault(name, 0L) > earlier);
    }
}
