package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A leader's assignor. Without claims it deals the partitions out; otherwise each member keeps what it claims by the
 * newest generation, up to its share, and what one has to give up goes to another in the next round (KIP-429).
 */
final class SmallAssignor {
    static final String NAME = "small";
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private SmallAssignor() {}

    static Map<String, MemberAssignment> assign(Map<String, MemberSubscription> members, int partitions) {
        Map<String, List<TopicPartition>> plan = new TreeMap<>();
        members.keySet().forEach(member -> plan.put(member, new ArrayList<>()));
        int share = (partitions + members.size() - 1) / members.size();
        List<TopicPartition> free = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            TopicPartition partition = new TopicPartition(SmallGroup.TOPIC, i);
            String owner = ownerOf(partition, members);
            if (owner == null) {
                free.add(partition);
            } else if (plan.getOrDefault(owner, List.of()).size() < share) {
                plan.computeIfAbsent(owner, each -> new ArrayList<>()).add(partition);
            }
        }
        for (TopicPartition partition : free) {
            plan.values().stream().min(Comparator.comparingInt(List::size)).ifPresent(least -> least.add(partition));
        }
        Map<String, MemberAssignment> assignments = new LinkedHashMap<>();
        plan.forEach((member, given) -> assignments.put(member, new MemberAssignment(given, null)));
        return assignments;
    }

    /** Who claims it by the newest generation, or null. */
    private static @Nullable String ownerOf(TopicPartition partition, Map<String, MemberSubscription> members) {
        String owner = null;
        int newest = Integer.MIN_VALUE;
        for (Map.Entry<String, MemberSubscription> member : new TreeMap<>(members).entrySet()) {
            MemberSubscription said = member.getValue();
            if (said.owned().contains(partition) && said.generation() > newest) {
                owner = member.getKey();
                newest = said.generation();
            }
        }
        return owner;
    }
}
