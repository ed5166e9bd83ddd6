package dev.surefoot.runtime;

import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The configured assignors of the classic protocol, in the order of preference. Called on the application's thread. */
public final class Assignors {
    private final Map<String, ConsumerPartitionAssignor> byName = new LinkedHashMap<>();
    private final boolean cooperative;

    /** @throws IllegalArgumentException if they have no way to rebalance in common */
    public Assignors(List<ConsumerPartitionAssignor> assignors) {
        assignors.forEach(assignor -> byName.put(assignor.name(), assignor));
        this.cooperative = !assignors.isEmpty() && supportAll(assignors, RebalanceProtocol.COOPERATIVE);
        if (!assignors.isEmpty() && !cooperative && !supportAll(assignors, RebalanceProtocol.EAGER)) {
            throw new IllegalArgumentException("Specified assignors do not have commonly supported rebalance protocol:"
                    + " partition.assignment.strategy names " + byName.keySet()
                    + "; leave out those that only support another one");
        }
    }

    private static boolean supportAll(List<ConsumerPartitionAssignor> assignors, RebalanceProtocol protocol) {
        return assignors.stream()
                .allMatch(assignor -> assignor.supportedProtocols().contains(protocol));
    }

    /** The names, in the order of preference. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** Whether partitions are given up one by one (KIP-429). */
    public boolean isCooperative() {
        return cooperative;
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** What each assignor says in a JoinGroup. */
    Map<String, @Nullable ByteBuffer> userData(Set<String> topics) {
        Map<String, @Nullable ByteBuffer> data = new LinkedHashMap<>();
        byName.forEach((name, assignor) -> data.put(name, assignor.subscriptionUserData(topics)));
        return data;
    }

    /**
     * Has the assignor assign the partitions of all members.
     *
     * @throws IllegalStateException if it breaks the rules of its protocol
     */
    Map<String, MemberAssignment> assign(String name, Map<String, MemberSubscription> members, Cluster cluster) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        members.forEach((member, said) -> subscriptions.put(member, subscription(said)));
        Map<String, MemberAssignment> plan = new HashMap<>();
        assignor(name)
                .assign(cluster, new GroupSubscription(subscriptions))
                .groupAssignment()
                .forEach((member, given) -> plan.put(member, checked(name, member, given)));
        if (cooperative && !name.equals(CooperativeStickyAssignor.COOPERATIVE_STICKY_ASSIGNOR_NAME)) {
            requireTwoSteps(name, members, plan);
        }
        return plan;
    }

    private static MemberAssignment checked(String name, @Nullable String member, Assignment given) {
        List<TopicPartition> partitions = new ArrayList<>(given.partitions());
        boolean named = partitions.stream().allMatch(partition -> partition != null && partition.topic() != null);
        if (member == null || !named) {
            throw new IllegalStateException("The assignor '" + name + "' has assigned " + partitions + " to the member "
                    + member + "; neither a member, a partition nor a topic may be null");
        }
        return new MemberAssignment(List.copyOf(partitions), given.userData());
    }

    /**
     * A partition that moves between members of the cooperative protocol belongs to nobody in between: its owner learns
     * of the loss by the plan that must not give it to another one yet. Kafka's own assignor is not checked, as what a
     * member claims may be outdated, which that one knows by the generation.
     */
    private static void requireTwoSteps(
            String name, Map<String, MemberSubscription> members, Map<String, MemberAssignment> plan) {
        Set<TopicPartition> taken = new HashSet<>();
        Set<TopicPartition> added = new HashSet<>();
        members.forEach((member, said) -> {
            MemberAssignment given = plan.get(member);
            Set<TopicPartition> assigned = given == null ? Set.of() : new HashSet<>(given.partitions());
            Set<TopicPartition> owned = new HashSet<>(said.owned());
            owned.stream().filter(partition -> !assigned.contains(partition)).forEach(taken::add);
            assigned.stream().filter(partition -> !owned.contains(partition)).forEach(added::add);
        });
        added.retainAll(taken);
        if (!added.isEmpty()) {
            throw new IllegalStateException("The assignor '" + name + "' supports the COOPERATIVE protocol and breaks"
                    + " its rules: it moves " + added + " from one member to another in one step. It has to leave them"
                    + " out of the plan; the rebalance that follows finds them without an owner.");
        }
    }

    private static Subscription subscription(MemberSubscription said) {
        Subscription subscription = new Subscription(
                said.topics(), said.userData(), said.owned(), said.generation(), Optional.ofNullable(said.rackId()));
        subscription.setGroupInstanceId(Optional.ofNullable(said.instanceId()));
        return subscription;
    }

    void onAssignment(String name, MemberAssignment assignment, ConsumerGroupMetadata metadata) {
        assignor(name).onAssignment(new Assignment(assignment.partitions(), assignment.userData()), metadata);
    }

    private ConsumerPartitionAssignor assignor(String name) {
        ConsumerPartitionAssignor assignor = byName.get(name);
        if (assignor == null) {
            throw new IllegalStateException("The group has chosen the assignor '" + name
                    + "', which partition.assignment.strategy does not name: it has " + byName.keySet());
        }
        return assignor;
    }
}
