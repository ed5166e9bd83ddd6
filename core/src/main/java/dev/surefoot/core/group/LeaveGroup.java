package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;

/**
 * Ends a membership (classic protocol). It goes over the control connection: behind a JoinGroup that the coordinator
 * holds back it would wait as long as that.
 */
public final class LeaveGroup {
    private LeaveGroup() {}

    /**
     * Leaves the group.
     *
     * @param reason why, for the coordinator's log (KIP-800); at most 255 characters
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record LeaveGroupRequest(int nodeId, String groupId, String memberId, String reason, long timeoutNanos)
            implements Request<LeaveGroupResponse> {
        @Override
        public Class<LeaveGroupResponse> answerType() {
            return LeaveGroupResponse.class;
        }
    }

    /**
     * The answer to it.
     *
     * @param error of the request or of the member in it
     * @param errorCode the code that the broker gave
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     */
    public record LeaveGroupResponse(int throttleTimeMs, BrokerError error, short errorCode) implements Answer {}
}
