package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.handover.MemberAssignment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings the leader's plan to the coordinator, and this member's part of it back (classic protocol). */
public final class SyncGroup {
    private SyncGroup() {}

    /**
     * Asks for this member's assignment; the leader brings everybody's.
     *
     * @param assignor the name of the assignor that JoinGroup has named
     * @param assignments by member id; empty for a follower and for a leader that is to skip the assignment
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record SyncGroupRequest(
            int nodeId,
            String groupId,
            String memberId,
            @Nullable String instanceId,
            int generation,
            String assignor,
            Map<String, MemberAssignment> assignments,
            long timeoutNanos)
            implements Request<SyncGroupResponse> {
        @Override
        public Purpose purpose() {
            return Purpose.COORDINATOR;
        }

        @Override
        public Class<SyncGroupResponse> answerType() {
            return SyncGroupResponse.class;
        }
    }

    /**
     * The answer to it.
     *
     * @param errorCode the code that the broker gave
     * @param assignor null in versions that have none (below 5)
     * @param assignment null if there is an error
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     */
    public record SyncGroupResponse(
            int throttleTimeMs,
            BrokerError error,
            short errorCode,
            @Nullable String assignor,
            @Nullable MemberAssignment assignment)
            implements Answer {}
}
