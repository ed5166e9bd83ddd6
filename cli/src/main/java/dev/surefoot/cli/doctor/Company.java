package dev.surefoot.cli.doctor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the partitions of a group fare beside each other, counted once: by member, and by broker. Used by one thread.
 */
final class Company {

    private final Map<String, Tally> byOwner = new HashMap<>();
    private final Map<OptionalInt, Tally> byLeader = new HashMap<>();
    private final Tally all = new Tally();
    private final Set<String> ownedTopics = new HashSet<>();

    /** The partitions of one member, or of one broker. */
    static final class Tally {
        private final Set<String> ownersOfStanding = new HashSet<>();
        private int partitions;
        private int moving;
        private int standing;
        private final List<PartitionCase> thatMove = new ArrayList<>();
        private final Map<Long, Integer> mostMovesSince = new HashMap<>();
        private long lastMoveMs = Long.MIN_VALUE;
        private @Nullable PartitionCase pending;

        private void add(PartitionCase partition) {
            partitions++;
            pending = pending == null && partition.now().commit().pending() ? partition : pending;
            lastMoveMs = Math.max(lastMoveMs, partition.lastMoveMs());
            if (partition.isMoving()) {
                moving++;
                thatMove.add(partition);
            } else if (partition.isBehind()) {
                standing++;
                ownersOfStanding.add(partition.ownerId());
            }
        }

        /** Returns how many partitions there are. */
        int partitions() {
            return partitions;
        }

        /** Returns how many of them move. */
        int moving() {
            return moving;
        }

        /** Returns how many of them are behind and do not move. */
        int standing() {
            return standing;
        }

        /** Returns how often that one has moved since this time that has moved most often since. */
        int mostMovesSince(long sinceMs) {
            // Most partitions that stand do so since the same time.
            return mostMovesSince.computeIfAbsent(
                    sinceMs,
                    since -> thatMove.stream()
                            .mapToInt(each -> each.movesSince(since))
                            .max()
                            .orElse(0));
        }

        /** Returns when one of them has moved last, by the clock of the samples, if one has. */
        long lastMoveMs() {
            return lastMoveMs;
        }

        /** Returns one of them of which a commit is part of an open transaction, or null if there is none. */
        @Nullable PartitionCase pending() {
            return pending;
        }

        /** Returns how many members have those that stand. */
        int membersStanding() {
            return ownersOfStanding.size();
        }
    }

    Company(Collection<PartitionCase> partitions) {
        for (PartitionCase each : partitions) {
            all.add(each);
            if (each.owner().isPresent()) {
                ownedTopics.add(each.partition().topic());
            }
            byOwner.computeIfAbsent(each.ownerId(), owner -> new Tally()).add(each);
            byLeader.computeIfAbsent(each.now().replicas().leader(), leader -> new Tally())
                    .add(each);
        }
    }

    /** Returns the partitions of the member that has this one, this one included. */
    Tally ofSameMember(PartitionCase partition) {
        return byOwner.getOrDefault(partition.ownerId(), new Tally());
    }

    /** Returns the partitions that are led by the broker that leads this one, this one included. */
    Tally ofSameBroker(PartitionCase partition) {
        return byLeader.getOrDefault(partition.now().replicas().leader(), new Tally());
    }

    /** Returns how many partitions stand that are led by other brokers. */
    int standingElsewhere(PartitionCase partition) {
        return all.standing() - ofSameBroker(partition).standing();
    }

    /** Returns how many partitions move that are led by other brokers. */
    int movingElsewhere(PartitionCase partition) {
        return all.moving() - ofSameBroker(partition).moving();
    }

    /** Returns all partitions. */
    Tally all() {
        return all;
    }

    /** Returns whether a member has any partition of this topic. */
    boolean hasOwnerOf(String topic) {
        return ownedTopics.contains(topic);
    }
}
