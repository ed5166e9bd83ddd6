package dev.surefoot.testkit.simulation.coordinator;

import java.util.Collection;
import org.apache.kafka.common.protocol.Errors;

/** Judges who may commit and fetch offsets in the name of a member of a KIP-848 group. */
final class ConsumerGroupClaims {
    private static final int VERSION_OF_MEMBER_EPOCHS = 9;

    private ConsumerGroupClaims() {}

    /**
     * Why a commit must not be stored, or {@link Errors#NONE}. One partition that fails makes the whole commit fail.
     *
     * @param partitions those of the claim, by the ids of their topics
     */
    static Errors commitRefusal(ConsumerGroupBooks group, CommitClaim claim, Collection<GroupPartition> partitions) {
        int memberEpoch = claim.generationOrEpoch();
        if (memberEpoch < 0 && group.isEmpty()) {
            return Errors.NONE;
        }
        boolean saysNothing = claim.memberId().isEmpty() && memberEpoch == -1 && claim.instanceId() == null;
        if (claim.transactional() && saysNothing) {
            return Errors.NONE;
        }
        ConsumerGroupMember member = group.byId().get(claim.memberId());
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (!claim.transactional() && claim.version() < VERSION_OF_MEMBER_EPOCHS) {
            return Errors.UNSUPPORTED_VERSION;
        }
        CurrentAssignment current = member.current();
        boolean isCurrent = memberEpoch == current.epoch();
        boolean isOldButValid = memberEpoch < current.epoch()
                && !group.settings().strictCommits()
                && partitions.stream().allMatch(partition -> wasGivenBy(memberEpoch, partition, current));
        if (isCurrent || isOldButValid) {
            return Errors.NONE;
        }
        return Errors.STALE_MEMBER_EPOCH;
    }

    /** Whether a member had the partition at an epoch and still has it (KIP-1251). */
    private static boolean wasGivenBy(int memberEpoch, GroupPartition partition, CurrentAssignment current) {
        Integer givenAt = current.assigned().get(partition);
        if (givenAt == null) {
            givenAt = current.pendingRevocation().get(partition);
        }
        return givenAt != null && memberEpoch >= givenAt;
    }

    /** Why a member may not fetch offsets, or {@link Errors#NONE}. A consumer without membership has ("", -1). */
    static Errors fetchRefusal(ConsumerGroupBooks group, String memberId, int memberEpoch) {
        if (memberId.isEmpty() && memberEpoch < 0) {
            return Errors.NONE;
        }
        ConsumerGroupMember member = group.byId().get(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return member.current().epoch() == memberEpoch ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
    }
}
