package dev.surefoot.core.handover;

import org.jspecify.annotations.Nullable;

/**
 * Who a consumer is in its group, as its coordinator last said. Commits and transactions are sent under an identity,
 * and the coordinator refuses them if it is not the present one.
 *
 * @param groupId the {@code group.id}
 * @param memberId empty before the first join
 * @param epoch the generation of the classic protocol, or the member epoch of the consumer protocol (KIP-848); -1
 *     before the first join
 * @param instanceId the {@code group.instance.id}, or null for a dynamic member
 * @param incarnation counted by this client: goes up with each join from nothing, fencing and leave, so that what was
 *     begun under one membership is not taken for part of the next
 */
public record MemberIdentity(
        String groupId,
        String memberId,
        int epoch,
        @Nullable String instanceId,
        long incarnation) {

    /** The identity of a consumer that was never a member. */
    public static MemberIdentity none(String groupId, @Nullable String instanceId) {
        return new MemberIdentity(groupId, "", -1, instanceId, 0);
    }
}
