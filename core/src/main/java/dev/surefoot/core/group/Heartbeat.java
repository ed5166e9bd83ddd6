package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import org.jspecify.annotations.Nullable;

/** Says that a member is alive (classic protocol). */
public final class Heartbeat {
    private Heartbeat() {}

    /**
     * Says so, under the member's identity.
     *
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record HeartbeatRequest(
            int nodeId,
            String groupId,
            String memberId,
            @Nullable String instanceId,
            int generation,
            long timeoutNanos) implements Request<HeartbeatResponse> {
        @Override
        public Purpose purpose() {
            return Purpose.COORDINATOR;
        }

        @Override
        public Class<HeartbeatResponse> answerType() {
            return HeartbeatResponse.class;
        }
    }

    /**
     * The answer to it.
     *
     * @param errorCode the code that the broker gave
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     */
    public record HeartbeatResponse(int throttleTimeMs, BrokerError error, short errorCode) implements Answer {}
}
