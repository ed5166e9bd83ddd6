package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/** The worst that a legal assignor can do: each time, every partition goes to the next of its subscribers. */
public final class SwappingTargetAssignor implements TargetAssignor {
    @Override
    public String name() {
        return "swap";
    }

    @Override
    public SortedMap<String, SortedSet<GroupPartition>> assign(
            SortedMap<String, Candidate> members, SortedMap<Uuid, Integer> partitionCounts, boolean homogeneous) {
        SortedMap<String, SortedSet<GroupPartition>> target = new TreeMap<>();
        members.keySet().forEach(id -> target.put(id, new TreeSet<>()));
        partitionCounts.forEach((topic, count) -> {
            List<String> subscribers = new ArrayList<>();
            members.forEach((id, member) -> {
                if (member.subscribed().contains(topic)) {
                    subscribers.add(id);
                }
            });
            for (int number = 0; number < count && !subscribers.isEmpty(); number++) {
                GroupPartition partition = new GroupPartition(topic, number);
                String taker = next(subscribers, members, partition);
                target.computeIfAbsent(taker, id -> new TreeSet<>()).add(partition);
            }
        });
        return target;
    }

    private static String next(
            List<String> subscribers, SortedMap<String, Candidate> members, GroupPartition partition) {
        for (int i = 0; i < subscribers.size(); i++) {
            Candidate member = members.get(subscribers.get(i));
            if (member != null && member.previous().contains(partition)) {
                return subscribers.get((i + 1) % subscribers.size());
            }
        }
        return subscribers.get(partition.partition() % subscribers.size());
    }
}
