package dev.surefoot.core.group;

import dev.surefoot.core.handover.MemberAssignment;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a member of the classic protocol: those that the application owns by its own word, and those of the
 * plan that it is still to take. Owned by the loop's thread.
 */
final class ClassicPartitions {
    private NavigableSet<TopicPartition> owned = PartitionOrder.sorted(Set.of());
    private NavigableSet<TopicPartition> planned = PartitionOrder.sorted(Set.of());
    private @Nullable MemberAssignment plan;

    /** What the application has taken and not given up. */
    NavigableSet<TopicPartition> owned() {
        return owned;
    }

    /** The leader's word to this member in the present generation, or null. */
    @Nullable MemberAssignment plan() {
        return plan;
    }

    /** A plan has come. */
    void plan(@Nullable MemberAssignment given) {
        plan = given;
        planned = PartitionOrder.sorted(given == null ? List.of() : given.partitions());
    }

    /** Whether the plan is for these topics, not for an earlier subscription. */
    boolean planFits(Set<String> subscribed) {
        return planned.stream().allMatch(partition -> subscribed.contains(partition.topic()));
    }

    NavigableSet<TopicPartition> planned() {
        return planned;
    }

    NavigableSet<TopicPartition> notInPlan() {
        return PartitionOrder.without(owned, planned);
    }

    NavigableSet<TopicPartition> added() {
        return PartitionOrder.without(planned, owned);
    }

    NavigableSet<TopicPartition> ofOtherTopics(Set<String> subscribed) {
        NavigableSet<TopicPartition> others = PartitionOrder.sorted(owned);
        others.removeIf(partition -> subscribed.contains(partition.topic()));
        return others;
    }

    /** The application has taken the plan. */
    void take() {
        owned = planned;
    }

    /** The application has given these up. */
    void giveUp(Set<TopicPartition> released) {
        owned = PartitionOrder.without(owned, released);
    }
}
