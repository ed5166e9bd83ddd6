package dev.surefoot.cli.doctor;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the partitions of a group fare beside each other, counted once: by member, and by broker. Used by one thread.
 */
final class Company {

    private final Map<String, Tally> byOwner = new HashMap<>();
    private final Map<OptionalInt, Tally> byLeader = new HashMap<>();

    /** The partitions of one member, or of one broker. */
    static final class Tally {
        private final Set<String> ownersOfStanding = new HashSet<>();
        private int partitions;
        private int moving;
        private int standing;
        private int mostMoves;
        private long lastMoveMs = Long.MIN_VALUE;

        private void add(PartitionCase partition) {
            partitions++;
            if (partition.hasMoved()) {
                moving++;
                mostMoves = Math.max(mostMoves, partition.moves());
                lastMoveMs = Math.max(lastMoveMs, partition.lastMoveMs());
            } else if (partition.isBehind()) {
                standing++;
                ownersOfStanding.add(partition.ownerId());
            }
        }

        /** Returns how many partitions there are. */
        int partitions() {
            return partitions;
        }

        /** Returns how many of them have moved. */
        int moving() {
            return moving;
        }

        /** Returns how many of them are behind and have not moved. */
        int standing() {
            return standing;
        }

        /** Returns how often that one has moved that has moved most often. */
        int mostMoves() {
            return mostMoves;
        }

        /** Returns when one of them has moved last, by the clock of the samples. */
        long lastMoveMs() {
            return lastMoveMs;
        }

        /** Returns how many members have those that stand. */
        int membersStanding() {
            return ownersOfStanding.size();
        }
    }

    Company(Collection<PartitionCase> partitions) {
        for (PartitionCase each : partitions) {
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
        return byLeader.values().stream().mapToInt(Tally::standing).sum()
                - ofSameBroker(partition).standing();
    }

    /** Returns how many partitions move that are led by other brokers. */
    int movingElsewhere(PartitionCase partition) {
        return byLeader.values().stream().mapToInt(Tally::moving).sum()
                - ofSameBroker(partition).moving();
    }

    /** Returns how often that one has moved that has moved most often. */
    int mostMoves() {
        return byLeader.values().stream().mapToInt(Tally::mostMoves).max().orElse(0);
    }
}
