package dev.surefoot.core.group;

import java.util.Collection;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** The order in which the application and the wire get partitions: by topic, then by number. */
final class PartitionOrder {
    static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private PartitionOrder() {}

    /** A new set of these partitions in this order. */
    static NavigableSet<TopicPartition> sorted(Collection<TopicPartition> partitions) {
        NavigableSet<TopicPartition> sorted = new TreeSet<>(BY_NAME);
        sorted.addAll(partitions);
        return sorted;
    }

    /** A new set of those of {@code all} that are not in {@code removed}. */
    static NavigableSet<TopicPartition> without(Collection<TopicPartition> all, Collection<TopicPartition> removed) {
        NavigableSet<TopicPartition> rest = sorted(all);
        removed.forEach(rest::remove);
        return rest;
    }
}
