package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.testkit.simulation.coordinator.CoordinatorLedger;
import dev.surefoot.testkit.simulation.coordinator.GroupMemberView;
import dev.surefoot.testkit.simulation.search.InvariantBroken;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** The invariants of a small group that are about several members, or about what the coordinator has stored. */
final class GroupChecks {
    private final SmallGroup world;
    /** The largest offset that was delivered, and a commit may name. */
    private final Map<TopicPartition, Long> delivered = new TreeMap<>(SmallAssignor.ORDER);
    /** The largest offset that was stored. */
    private final Map<TopicPartition, Long> stored = new TreeMap<>(SmallAssignor.ORDER);
    /** The id of the member that has read the start offset of a partition last. */
    private final Map<TopicPartition, String> startedBy = new TreeMap<>(SmallAssignor.ORDER);

    GroupChecks(SmallGroup world) {
        this.world = world;
    }

    /** Checks the state between two steps. */
    void check() {
        checkCommits();
        checkOwners();
    }

    void delivered(TopicPartition partition, long to) {
        delivered.merge(partition, to, Math::max);
    }

    /**
     * A member has read the start offset of a partition; if the coordinator does not count it, no next owner is known.
     */
    void starts(TopicPartition partition, SmallMember member) {
        if (isOwner(member)) {
            startedBy.put(partition, member.membership.identity().memberId());
        } else {
            startedBy.remove(partition);
        }
    }

    /**
     * A commit that its member has given up arrives, perhaps after later ones: no client can keep that from happening.
     */
    void arrivesLate(OffsetCommitRequest commit) {
        commit.offsets().keySet().forEach(stored::remove);
    }

    private void checkCommits() {
        for (CoordinatorLedger.Commit commit : world.coordinator().ledger().commits()) {
            TopicPartition partition = commit.partition();
            long offset = commit.stored().offset();
            if (offset > delivered.getOrDefault(partition, 0L)) {
                throw new InvariantBroken("G10", offset + " is stored for " + partition + ", which was not delivered");
            }
            if (offset < stored.getOrDefault(partition, 0L)) {
                throw new InvariantBroken(
                        "G11", offset + " is stored for " + partition + " after " + stored.get(partition));
            }
            stored.put(partition, offset);
            String owner = startedBy.get(partition);
            // Twins take each other's place with all that it owns.
            boolean isOther = owner != null && !owner.equals(commit.memberId());
            if (isOther && !world.settings().areTwins()) {
                throw new InvariantBroken(
                        "G12", commit.memberId() + " commits " + partition + " after " + owner + " has started there");
            }
        }
        world.coordinator().ledger().clear();
    }

    /** No partition has two owners that the coordinator counts: at their epochs, or in EAGER in one generation. */
    private void checkOwners() {
        Map<TopicPartition, SmallMember> owners = new HashMap<>();
        for (SmallMember member : world.running()) {
            for (TopicPartition partition : member.application.positions.keySet()) {
                SmallMember other = owners.putIfAbsent(partition, member);
                if (other != null && isOwner(member) && isOwner(other) && isSameGeneration(member, other)) {
                    throw new InvariantBroken("G4", partition + " is owned by both");
                }
            }
        }
    }

    private boolean isSameGeneration(SmallMember one, SmallMember other) {
        return world.settings().kind() != SmallGroupSettings.Kind.EAGER
                || one.membership.identity().epoch()
                        == other.membership.identity().epoch();
    }

    private boolean isOwner(SmallMember member) {
        if (!member.membership.isMember()) {
            return false;
        }
        for (GroupMemberView view : world.coordinator().members(SmallGroup.GROUP)) {
            if (view.memberId().equals(member.membership.identity().memberId())) {
                return world.settings().kind().isClassic()
                        || view.generationOrEpoch()
                                == member.membership.identity().epoch();
            }
        }
        return false;
    }
}
