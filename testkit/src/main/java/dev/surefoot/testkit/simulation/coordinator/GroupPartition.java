package dev.surefoot.testkit.simulation.coordinator;

import java.util.Comparator;
import org.apache.kafka.common.Uuid;

/** A partition as a KIP-848 coordinator names it: by the id of its topic, so that a recreated topic is another one. */
public record GroupPartition(Uuid topicId, int partition) implements Comparable<GroupPartition> {
    private static final Comparator<GroupPartition> ORDER =
            Comparator.comparing(GroupPartition::topicId).thenComparingInt(GroupPartition::partition);

    @Override
    public int compareTo(GroupPartition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}
