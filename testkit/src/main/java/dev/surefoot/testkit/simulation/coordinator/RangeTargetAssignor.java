package dev.surefoot.testkit.simulation.coordinator;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * Gives each subscriber of a topic a range of its partitions, as the broker's {@code range}: static members first, in
 * the order of their instance ids, then the others, in the order of their member ids. Where all members are said to
 * subscribe alike it looks at the first one only, as the broker does.
 */
public final class RangeTargetAssignor implements TargetAssignor {
    private static final Comparator<Map.Entry<String, Candidate>> STATIC_MEMBERS_FIRST = Comparator.comparing(
                    (Map.Entry<String, Candidate> member) -> member.getValue().instanceId(),
                    Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Map.Entry::getKey);

    @Override
    public String name() {
        return "range";
    }

    @Override
    public SortedMap<String, SortedSet<GroupPartition>> assign(
            SortedMap<String, Candidate> members, SortedMap<Uuid, Integer> partitionCounts, boolean homogeneous) {
        SortedMap<String, SortedSet<GroupPartition>> target = new TreeMap<>();
        members.keySet().forEach(id -> target.put(id, new TreeSet<>()));
        List<Map.Entry<String, Candidate>> sorted =
                members.entrySet().stream().sorted(STATIC_MEMBERS_FIRST).toList();
        partitionCounts.forEach((topic, count) -> {
            List<SortedSet<GroupPartition>> subscribers = sorted.stream()
                    .filter(member -> (homogeneous ? sorted.get(0) : member)
                            .getValue()
                            .subscribed()
                            .contains(topic))
                    .map(member -> target.computeIfAbsent(member.getKey(), id -> new TreeSet<>()))
                    .toList();
            int next = 0;
            for (int i = 0; i < subscribers.size(); i++) {
                int extra = i < count % subscribers.size() ? 1 : 0;
                int end = next + count / subscribers.size() + extra;
                for (; next < end; next++) {
                    subscribers.get(i).add(new GroupPartition(topic, next));
                }
            }
        });
        return target;
    }
}
