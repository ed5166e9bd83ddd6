package dev.surefoot.testkit.simulation.coordinator;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Balanced and sticky, as the broker's {@code uniform}: members that subscribe alike differ by one partition at most,
 * and no more moves than that takes. Which partitions move is decided by their order; the broker's choice hangs on the
 * order of its hash tables.
 */
public final class UniformTargetAssignor implements TargetAssignor {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public SortedMap<String, SortedSet<GroupPartition>> assign(
            SortedMap<String, Candidate> members, SortedMap<Uuid, Integer> partitionCounts, boolean homogeneous) {
        SortedMap<String, SortedSet<GroupPartition>> target = new TreeMap<>();
        SortedSet<GroupPartition> unassigned = new TreeSet<>();
        partitionCounts.forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                unassigned.add(new GroupPartition(topic, partition));
            }
        });
        members.forEach((id, member) -> {
            SortedSet<GroupPartition> kept = new TreeSet<>(member.previous());
            kept.removeIf(
                    partition -> !member.subscribed().contains(partition.topicId()) || !unassigned.remove(partition));
            target.put(id, kept);
        });
        for (GroupPartition partition : unassigned) {
            String least = leastLoaded(subscribers(members, partition), target);
            if (least != null) {
                partitionsOf(target, least).add(partition);
            }
        }
        while (moveOne(members, target)) {
            // Each move lessens the difference between two members.
        }
        return target;
    }

    /** Moves a partition to a member that has at least two less, from the member that has most. */
    private static boolean moveOne(
            SortedMap<String, Candidate> members, SortedMap<String, SortedSet<GroupPartition>> target) {
        List<String> fullestFirst = target.keySet().stream()
                .sorted(Comparator.comparingInt(
                        (String id) -> -partitionsOf(target, id).size()))
                .toList();
        for (String giver : fullestFirst) {
            SortedSet<GroupPartition> given = partitionsOf(target, giver);
            for (GroupPartition partition : given) {
                String taker = leastLoaded(subscribers(members, partition), target);
                if (taker != null && partitionsOf(target, taker).size() + 2 <= given.size()) {
                    given.remove(partition);
                    partitionsOf(target, taker).add(partition);
                    return true;
                }
            }
        }
        return false;
    }

    private static List<String> subscribers(SortedMap<String, Candidate> members, GroupPartition partition) {
        return members.entrySet().stream()
                .filter(member -> member.getValue().subscribed().contains(partition.topicId()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static @Nullable String leastLoaded(List<String> ids, SortedMap<String, SortedSet<GroupPartition>> target) {
        return ids.stream()
                .min(Comparator.comparingInt(id -> partitionsOf(target, id).size()))
                .orElse(null);
    }

    private static SortedSet<GroupPartition> partitionsOf(
            SortedMap<String, SortedSet<GroupPartition>> target, String id) {
        return target.computeIfAbsent(id, unknown -> new TreeSet<>());
    }
}
