package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.group.Commit;
import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallMember;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit GF14, after redpanda-data/connect and alpakka-kafka: records are processed beside the polls, and what was in
 * work when the partition was given up is committed when it is done, under the identity of that time. The coordinator
 * takes it, and the next owner is set back.
 */
final class WorkFinishedLate extends SmallApplication {
    private final Map<TopicPartition, Long> inWork = new TreeMap<>(FlawedApplications.ORDER);

    WorkFinishedLate(SmallMember member) {
        super(member);
    }

    @Override
    protected void dropped(Set<TopicPartition> partitions) {
        partitions.stream()
                .filter(partition -> position(partition) > 0)
                .forEach(partition -> inWork.put(partition, position(partition)));
        super.dropped(partitions);
    }

    @Override
    protected void poll() {
        super.poll();
        if (!inWork.isEmpty() && mayCommit()) {
            submit(Commit.Kind.ASYNC, Map.copyOf(inWork));
            inWork.clear();
        }
    }
}
