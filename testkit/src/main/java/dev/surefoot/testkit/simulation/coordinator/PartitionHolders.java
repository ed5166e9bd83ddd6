package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which member holds which partition, kept in step with the members of a group. */
public final class PartitionHolders {
    private final SortedMap<GroupPartition, SortedMap<String, Holding>> byPartition;

    PartitionHolders() {
        this.byPartition = new TreeMap<>();
    }

    private PartitionHolders(PartitionHolders other) {
        this();
        other.byPartition.forEach((partition, holders) -> byPartition.put(partition, new TreeMap<>(holders)));
    }

    /**
     * A partition in the hands of a member.
     *
     * @param givenAtEpoch the member epoch at which it was given; 0 if it came with the place of a static member
     * @param heldSinceMs when it was given
     * @param revokingSinceMs since when the member has to give it up; -1 if it may keep it
     */
    public record Holding(String memberId, int givenAtEpoch, long heldSinceMs, long revokingSinceMs) {
        /** Whether the member was told to give it up. */
        public boolean isPendingRevocation() {
            return revokingSinceMs >= 0;
        }
    }

    /** Who holds the partition, pending revocations included: nobody or one, but for a coordinator with a bug. */
    public List<Holding> of(GroupPartition partition) {
        SortedMap<String, Holding> holders = byPartition.get(partition);
        return holders == null ? List.of() : new ArrayList<>(holders.values());
    }

    /** Everything that somebody holds. */
    public SortedMap<GroupPartition, List<Holding>> all() {
        SortedMap<GroupPartition, List<Holding>> all = new TreeMap<>();
        byPartition.forEach((partition, holders) -> all.put(partition, new ArrayList<>(holders.values())));
        return Collections.unmodifiableSortedMap(all);
    }

    /** Whether nobody holds the partition. */
    boolean isFree(GroupPartition partition) {
        return !byPartition.containsKey(partition);
    }

    /** Takes over what a member holds after a change that was made now. */
    void replace(@Nullable ConsumerGroupMember before, @Nullable ConsumerGroupMember after, long nowMs) {
        SortedMap<GroupPartition, Holding> earlier = new TreeMap<>();
        if (before != null) {
            remove(before.id(), before.current().assigned().keySet(), earlier);
            remove(before.id(), before.current().pendingRevocation().keySet(), earlier);
        }
        if (after != null) {
            add(after.id(), after.current().assigned(), false, earlier, nowMs);
            add(after.id(), after.current().pendingRevocation(), true, earlier, nowMs);
        }
    }

    private void remove(
            String memberId, Collection<GroupPartition> partitions, SortedMap<GroupPartition, Holding> removed) {
        for (GroupPartition partition : partitions) {
            SortedMap<String, Holding> holders = byPartition.get(partition);
            Holding holding = holders == null ? null : holders.remove(memberId);
            if (holders == null || holding == null) {
                throw new IllegalStateException(memberId + " does not hold " + partition);
            }
            removed.put(partition, holding);
            if (holders.isEmpty()) {
                byPartition.remove(partition);
            }
        }
    }

    private void add(
            String memberId,
            SortedMap<GroupPartition, Integer> partitions,
            boolean revoking,
            SortedMap<GroupPartition, Holding> earlier,
            long nowMs) {
        partitions.forEach((partition, epoch) -> {
            Holding before = earlier.get(partition);
            long heldSinceMs = before == null || before.givenAtEpoch() != epoch ? nowMs : before.heldSinceMs();
            long revokingSinceMs = -1;
            if (revoking) {
                revokingSinceMs = before == null || !before.isPendingRevocation() ? nowMs : before.revokingSinceMs();
            }
            byPartition
                    .computeIfAbsent(partition, none -> new TreeMap<>())
                    .put(memberId, new Holding(memberId, epoch, heldSinceMs, revokingSinceMs));
        });
    }

    PartitionHolders copy() {
        return new PartitionHolders(this);
    }
}
