package dev.surefoot.testkit.simulation.coordinator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.GroupAssignment;
import org.apache.kafka.coordinator.group.api.assignor.GroupSpec;
import org.apache.kafka.coordinator.group.api.assignor.MemberAssignment;
import org.apache.kafka.coordinator.group.api.assignor.MemberSubscription;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;

/**
 * An assignor of the model inside a real broker, so that both compute the same targets. The broker's own
 * {@code uniform} cannot serve: which partitions it moves hangs on the order of hash tables.
 */
public abstract class PluggedAssignor implements ConsumerGroupPartitionAssignor {
    private final TargetAssignor assignor;

    private PluggedAssignor(TargetAssignor assignor) {
        this.assignor = assignor;
    }

    /** The balanced and sticky one. */
    public static final class Uniform extends PluggedAssignor {
        public Uniform() {
            super(new UniformTargetAssignor());
        }
    }

    /** The one that moves everything. */
    public static final class Swapping extends PluggedAssignor {
        public Swapping() {
            super(new SwappingTargetAssignor());
        }
    }

    @Override
    public String name() {
        return assignor.name();
    }

    @Override
    public GroupAssignment assign(GroupSpec spec, SubscribedTopicDescriber topics) {
        SortedMap<String, TargetAssignor.Candidate> members = new TreeMap<>();
        SortedMap<Uuid, Integer> partitionCounts = new TreeMap<>();
        for (String id : spec.memberIds()) {
            MemberSubscription subscription = spec.memberSubscription(id);
            SortedSet<Uuid> subscribed = new TreeSet<>(subscription.subscribedTopicIds());
            subscribed.forEach(topic -> partitionCounts.put(topic, topics.numPartitions(topic)));
            SortedSet<GroupPartition> previous = new TreeSet<>();
            spec.memberAssignment(id)
                    .partitions()
                    .forEach((topic, numbers) ->
                            numbers.forEach(number -> previous.add(new GroupPartition(topic, number))));
            members.put(
                    id, new TargetAssignor.Candidate(subscription.instanceId().orElse(null), subscribed, previous));
        }
        Map<String, MemberAssignment> target = new HashMap<>();
        boolean homogeneous = spec.subscriptionType() == SubscriptionType.HOMOGENEOUS;
        assignor.assign(members, partitionCounts, homogeneous)
                .forEach((id, partitions) -> target.put(id, given(partitions)));
        return new GroupAssignment(target);
    }

    private static MemberAssignment given(SortedSet<GroupPartition> partitions) {
        Map<Uuid, Set<Integer>> byTopic = new HashMap<>();
        for (GroupPartition partition : partitions) {
            byTopic.computeIfAbsent(partition.topicId(), topic -> new HashSet<>())
                    .add(partition.partition());
        }
        return () -> byTopic;
    }
}
