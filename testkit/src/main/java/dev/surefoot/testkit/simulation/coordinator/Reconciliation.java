package dev.surefoot.testkit.simulation.coordinator;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One step of a member towards its target assignment: what it holds after a heartbeat.
 *
 * @param assignmentEpoch the epoch of the target
 * @param target what the target gives the member
 * @param subscribedNothing whether the member names no topic at all, be it one that exists or not
 * @param subscribed whether the member is subscribed to the topic of an id, and it exists
 * @param subscriptionChanged whether this heartbeat changed the subscription
 * @param owned what the member says it owns; null if it says nothing
 * @param free whether nobody holds a partition, or only this member with its revocation pending
 */
record Reconciliation(
        int assignmentEpoch,
        SortedSet<GroupPartition> target,
        boolean subscribedNothing,
        Predicate<Uuid> subscribed,
        boolean subscriptionChanged,
        @Nullable Set<GroupPartition> owned,
        Predicate<GroupPartition> free) {

    /** What the member holds after this step; the same value if nothing changes. */
    CurrentAssignment step(CurrentAssignment current) {
        return switch (current.state()) {
            case STABLE -> {
                if (current.epoch() != assignmentEpoch) {
                    yield compute(current);
                }
                yield subscriptionChanged ? dropUnsubscribed(current) : current;
            }
            case UNREVOKED -> {
                if (!stillOwns(current.pendingRevocation())) {
                    yield compute(current);
                }
                yield subscriptionChanged ? dropUnsubscribed(current) : current;
            }
            case UNRELEASED -> compute(current);
        };
    }

    private CurrentAssignment compute(CurrentAssignment current) {
        SortedMap<GroupPartition, Integer> kept = new TreeMap<>();
        SortedMap<GroupPartition, Integer> revoked = new TreeMap<>();
        current.assigned().forEach((partition, epoch) -> (isWanted(partition) ? kept : revoked).put(partition, epoch));
        if (!revoked.isEmpty() && stillOwns(revoked)) {
            return current.next(current.epoch(), MemberState.UNREVOKED, kept, revoked);
        }
        boolean waits = false;
        SortedMap<GroupPartition, Integer> assigned = new TreeMap<>(kept);
        for (GroupPartition partition : target) {
            if (kept.containsKey(partition) || !isWanted(partition)) {
                continue;
            }
            if (free.test(partition)) {
                assigned.put(partition, assignmentEpoch);
            } else {
                waits = true;
            }
        }
        MemberState state = waits ? MemberState.UNRELEASED : MemberState.STABLE;
        return current.next(assignmentEpoch, state, assigned, Collections.emptySortedMap());
    }

    private boolean isWanted(GroupPartition partition) {
        return target.contains(partition) && subscribed.test(partition.topicId());
    }

    /** Takes away what is not subscribed to any more, and nothing else: a new target is not there yet. */
    private CurrentAssignment dropUnsubscribed(CurrentAssignment current) {
        SortedMap<GroupPartition, Integer> kept = new TreeMap<>();
        SortedMap<GroupPartition, Integer> revoked = new TreeMap<>(current.pendingRevocation());
        current.assigned()
                .forEach((partition, epoch) ->
                        (subscribed.test(partition.topicId()) ? kept : revoked).put(partition, epoch));
        boolean dropped = kept.size() < current.assigned().size();
        // A broker writes the books of a member anew that names no topic, and its epoch becomes the previous one.
        boolean rewritten = subscribedNothing && current.pendingRevocation().isEmpty();
        if (!dropped && !rewritten) {
            return current;
        }
        if (!revoked.isEmpty() && stillOwns(revoked)) {
            return current.next(current.epoch(), MemberState.UNREVOKED, kept, revoked);
        }
        return current.next(current.epoch(), current.state(), kept, current.pendingRevocation());
    }

    /** Silence counts as owning everything. */
    private boolean stillOwns(SortedMap<GroupPartition, Integer> partitions) {
        return owned == null || owned.stream().anyMatch(partition -> partitions.containsKey(partition));
    }
}
