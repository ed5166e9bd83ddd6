package dev.surefoot.testkit.museum.group;

import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallMember;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit GF16, after Dekaf: what was read ahead of a partition stays in the buffer when the partition is revoked, and
 * is delivered thereafter.
 */
final class ReadAheadKept extends SmallApplication {
    private final Map<TopicPartition, Long> buffered = new TreeMap<>(FlawedApplications.ORDER);

    ReadAheadKept(SmallMember member) {
        super(member);
    }

    @Override
    protected void dropped(Set<TopicPartition> partitions) {
        partitions.stream()
                .filter(partition -> position(partition) < records())
                .forEach(partition -> buffered.put(partition, position(partition)));
        super.dropped(partitions);
    }

    @Override
    protected void poll() {
        Map<TopicPartition, Long> rest = Map.copyOf(buffered);
        buffered.clear();
        rest.forEach(this::deliver);
        super.poll();
    }
}
