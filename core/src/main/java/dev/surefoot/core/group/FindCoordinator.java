package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/** Which broker coordinates a group; any broker knows. */
public final class FindCoordinator {
    private FindCoordinator() {}

    /**
     * Asks for the coordinator of a group.
     *
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record FindCoordinatorRequest(int nodeId, String groupId, long timeoutNanos)
            implements Request<FindCoordinatorResponse> {
        @Override
        public Class<FindCoordinatorResponse> answerType() {
            return FindCoordinatorResponse.class;
        }
    }

    /**
     * The answer to it.
     *
     * @param errorCode the code that the broker gave
     * @param coordinator null unless {@code error} is {@link BrokerError#NONE}
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     */
    public record FindCoordinatorResponse(
            int throttleTimeMs,
            BrokerError error,
            short errorCode,
            @Nullable Node coordinator) implements Answer {}
}
