package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.group.Commit;
import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallMember;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit GF15, after kafka-go and spring-kafka: a commit that has failed is kept and made again later, although newer
 * offsets of the same partitions have been committed meanwhile.
 */
final class CommitSentAgain extends SmallApplication {
    private Map<TopicPartition, Long> last = Map.of();
    private Map<TopicPartition, Long> failed = Map.of();

    CommitSentAgain(SmallMember member) {
        super(member);
    }

    @Override
    protected void submit(Commit.Kind kind, Map<TopicPartition, Long> offsets) {
        last = new TreeMap<>(FlawedApplications.ORDER);
        last.putAll(offsets);
        super.submit(kind, offsets);
    }

    @Override
    protected void settled(boolean stored) {
        if (!stored) {
            failed = last;
        }
    }

    @Override
    protected void poll() {
        super.poll();
        boolean isOld = failed.entrySet().stream().anyMatch(entry -> entry.getValue() < committed(entry.getKey()));
        if (isOld && mayCommit() && owned().containsAll(failed.keySet())) {
            Map<TopicPartition, Long> again = failed;
            failed = Map.of();
            submit(Commit.Kind.ASYNC, again);
        }
    }
}
