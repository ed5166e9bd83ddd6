package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The one request of the consumer protocol (KIP-848): joins, says what changed, acknowledges, leaves. */
public final class ConsumerGroupHeartbeat {
    private ConsumerGroupHeartbeat() {}

    /**
     * A heartbeat. What is null has not changed since the last one that was answered in order.
     *
     * @param epoch 0 to join, above 0 the epoch that the coordinator last said, -1 to leave, -2 to leave as a static
     *     member that will return
     * @param rebalanceTimeoutMs -1 if unchanged, in milliseconds
     * @param topics the topics subscribed to by name, or null
     * @param regex the subscription pattern of RE2/J, empty if there is none any more, or null
     * @param assignor the assignor of the coordinator's that is preferred, or null
     * @param owned the partitions that are owned, by topic id, or null
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record ConsumerGroupHeartbeatRequest(
            int nodeId,
            String groupId,
            String memberId,
            int epoch,
            @Nullable String instanceId,
            @Nullable String rackId,
            int rebalanceTimeoutMs,
            @Nullable Set<String> topics,
            @Nullable String regex,
            @Nullable String assignor,
            @Nullable Map<Uuid, Set<Integer>> owned,
            long timeoutNanos)
            implements Request<ConsumerGroupHeartbeatResponse> {
        @Override
        public Purpose purpose() {
            return Purpose.COORDINATOR;
        }

        @Override
        public Class<ConsumerGroupHeartbeatResponse> answerType() {
            return ConsumerGroupHeartbeatResponse.class;
        }
    }

    /**
     * The answer to it.
     *
     * @param errorCode the code that the broker gave
     * @param errorMessage the broker's words, or null
     * @param memberId null in versions in which the client makes it (1 and above) or with an error
     * @param heartbeatIntervalMs how often the coordinator wants to hear from the member, in milliseconds
     * @param assignment the partitions to own, by topic id, or null if that has not changed
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     */
    public record ConsumerGroupHeartbeatResponse(
            int throttleTimeMs,
            BrokerError error,
            short errorCode,
            @Nullable String errorMessage,
            @Nullable String memberId,
            int epoch,
            int heartbeatIntervalMs,
            @Nullable Map<Uuid, Set<Integer>> assignment)
            implements Answer {}
}
