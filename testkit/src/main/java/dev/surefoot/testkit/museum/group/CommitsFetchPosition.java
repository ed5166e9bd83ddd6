package dev.surefoot.testkit.museum.group;

import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallMember;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit GF1, after Apache Kafka (KAFKA-18641): what is committed is the position of the fetches, which is ahead of
 * what poll has returned. After a crash, or at the next owner, the records between both are lost.
 */
final class CommitsFetchPosition extends SmallApplication {
    CommitsFetchPosition(SmallMember member) {
        super(member);
    }

    @Override
    protected Map<TopicPartition, Long> dirty(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> fetched = new TreeMap<>(FlawedApplications.ORDER);
        for (TopicPartition partition : partitions) {
            if (committed(partition) < records()) {
                fetched.put(partition, (long) records());
            }
        }
        return fetched;
    }
}
