package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * What the coordinator last wanted a member to own. Immutable.
 *
 * @param number goes up with each target that differs from the one before, as one that was taken back and given again
 *     has to be acknowledged again
 * @param partitions the partition numbers by topic id
 * @param askedNanos when the heartbeat was sent whose answer brought it; the coordinator's time for a revocation runs
 *     since then at the earliest, in nanoseconds
 */
record TargetAssignment(long number, Map<Uuid, Set<Integer>> partitions, long askedNanos) {

    /**
     * The partitions whose topics have a known name. Of two topics that have had the same name only the present one
     * counts.
     */
    NavigableSet<TopicIdPartition> resolved(TopicDirectory topics) {
        NavigableSet<TopicIdPartition> resolved = new TreeSet<>(PartitionOwnership.ORDER);
        partitions.forEach((id, numbers) -> {
            String name = topics.name(id);
            if (name != null && !isSuperseded(id, name, topics)) {
                numbers.forEach(number -> resolved.add(new TopicIdPartition(id, number, name)));
            }
        });
        return resolved;
    }

    private boolean isSuperseded(Uuid id, String name, TopicDirectory topics) {
        Uuid present = topics.id(name);
        return !present.equals(id) && partitions.containsKey(present);
    }

    /** The names of the topics, as far as they are known. */
    Set<String> names(TopicDirectory topics) {
        Set<String> names = new TreeSet<>();
        for (Uuid id : partitions.keySet()) {
            String name = topics.name(id);
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    /** The ids of topics whose names are not known. */
    Set<Uuid> unresolved(TopicDirectory topics) {
        Set<Uuid> unresolved = new TreeSet<>();
        for (Uuid id : partitions.keySet()) {
            if (topics.name(id) == null) {
                unresolved.add(id);
            }
        }
        return unresolved;
    }
}
