package dev.surefoot.testkit.simulation.coordinator;

import java.util.Collection;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Judges who may commit and fetch offsets in the name of a member of a KIP-848 group. */
final class ConsumerGroupClaims {
    private static final int VERSION_OF_MEMBER_EPOCHS = 9;

    private ConsumerGroupClaims() {}

    /**
     * Why a commit must not be stored, or {@link Errors#NONE}. One partition that fails makes the whole commit fail.
     *
     * @param memberId empty for a consumer without membership
     * @param memberEpoch -1 for a consumer without membership
     * @param version of the API that the request was written in
     * @param transactional whether it is a TxnOffsetCommit, where 22 stands for 113
     */
    static Errors commitRefusal(
            ConsumerGroup group,
            String memberId,
            @Nullable String instanceId,
            int memberEpoch,
            int version,
            boolean transactional,
            Collection<GroupPartition> partitions) {
        if (memberEpoch < 0 && group.isEmpty()) {
            return Errors.NONE;
        }
        if (transactional && memberEpoch == -1 && memberId.isEmpty() && instanceId == null) {
            return Errors.NONE;
        }
        ConsumerGroupMember member = group.members().get(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (!transactional && version < VERSION_OF_MEMBER_EPOCHS) {
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
        return transactional ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
    }

    /** Whether a member had the partition at an epoch and still has it (KIP-1251). */
    private static boolean wasGivenBy(int memberEpoch, GroupPartition partition, CurrentAssignment current) {
        Integer givenAt = current.assigned().get(partition);
        if (givenAt == null) {
            givenAt = current.pendingRevocation().get(partition);
        }
        return givenAt != null && memberEpoch >= givenAt;
    }

    /**
     * Why a member may not fetch offsets, or {@link Errors#NONE}.
     *
     * @param memberId null for a consumer without membership
     */
    static Errors fetchRefusal(ConsumerGroup group, @Nullable String memberId, int memberEpoch) {
        if (memberId == null && memberEpoch < 0) {
            return Errors.NONE;
        }
        ConsumerGroupMember member = memberId == null ? null : group.members().get(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return member.current().epoch() == memberEpoch ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
    }
}
