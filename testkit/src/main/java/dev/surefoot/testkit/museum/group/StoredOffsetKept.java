package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.group.Commit;
import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallMember;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit GF9, after librdkafka: the offset that was stored locally outlives the ownership. When the partition comes
 * back, after another member has read on, the old offset is committed and the group rewinds.
 */
final class StoredOffsetKept extends SmallApplication {
    private final Map<TopicPartition, Long> store = new TreeMap<>(FlawedApplications.ORDER);

    StoredOffsetKept(SmallMember member) {
        super(member);
    }

    /** Its commits are made by a timer, which does not wait until the next record has been read. */
    @Override
    protected void poll() {
        if (mayCommit() && owned().stream().anyMatch(this::isOutdated)) {
            submit(Commit.Kind.ASYNC, dirty(owned()));
            return;
        }
        super.poll();
        owned().stream()
                .filter(partition -> position(partition) > store.getOrDefault(partition, 0L))
                .filter(partition -> position(partition) > committed(partition))
                .forEach(partition -> store.put(partition, position(partition)));
    }

    private boolean isOutdated(TopicPartition partition) {
        Long stored = store.get(partition);
        return stored != null && stored < committed(partition);
    }

    @Override
    protected Map<TopicPartition, Long> dirty(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> stored = new TreeMap<>(FlawedApplications.ORDER);
        for (TopicPartition partition : partitions) {
            Long offset = store.get(partition);
            if (offset != null && offset != committed(partition)) {
                stored.put(partition, offset);
            }
        }
        return stored;
    }
}
