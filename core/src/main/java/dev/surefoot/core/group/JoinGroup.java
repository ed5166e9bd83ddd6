package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.handover.MemberSubscription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes part in the next generation of a group (classic protocol). The coordinator answers when all members have. */
public final class JoinGroup {
    private JoinGroup() {}

    /**
     * Joins, or joins again.
     *
     * @param memberId empty if this client has none yet (KIP-394)
     * @param instanceId the {@code group.instance.id}, or null (KIP-345)
     * @param protocols what each assignor is told, by its name, in the order of preference
     * @param sessionTimeoutMs after how many milliseconds without a heartbeat the membership ends
     * @param rebalanceTimeoutMs how many milliseconds the coordinator waits for members to join again
     * @param reason why, for the coordinator's log (KIP-800); at most 255 characters
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record JoinGroupRequest(
            int nodeId,
            String groupId,
            String memberId,
            @Nullable String instanceId,
            int sessionTimeoutMs,
            int rebalanceTimeoutMs,
            Map<String, MemberSubscription> protocols,
            String reason,
            long timeoutNanos)
            implements Request<JoinGroupResponse> {
        @Override
        public Purpose purpose() {
            return Purpose.COORDINATOR;
        }

        @Override
        public Class<JoinGroupResponse> answerType() {
            return JoinGroupResponse.class;
        }
    }

    /**
     * The answer to it.
     *
     * @param errorCode the code that the broker gave
     * @param generation -1 if there is an error
     * @param protocolType null in versions that have none (below 7)
     * @param assignor the name of the assignor that was chosen, or null if there is an error
     * @param memberId this member's id; also there with MEMBER_ID_REQUIRED
     * @param skipAssignment whether the leader is not to assign anything (KIP-814)
     * @param members what all members have said, by member id; empty unless this member leads
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     */
    public record JoinGroupResponse(
            int throttleTimeMs,
            BrokerError error,
            short errorCode,
            int generation,
            @Nullable String protocolType,
            @Nullable String assignor,
            String leaderId,
            String memberId,
            boolean skipAssignment,
            Map<String, MemberSubscription> members)
            implements Answer {}
}
