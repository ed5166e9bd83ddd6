package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Asks for stored offsets of a group, always for stable ones (KIP-447). */
public final class OffsetFetch {
    private OffsetFetch() {}

    /**
     * Asks for the offsets of these partitions.
     *
     * @param identity with an empty member id and epoch -1 if the coordinator is not to check it
     * @param topicIds the ids of the topics; version 10 is used only if all are known
     * @param purpose of the connection: {@link Purpose#COORDINATOR} keeps the order among the commits of this consumer,
     *     but waits behind what the coordinator holds back
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record OffsetFetchRequest(
            int nodeId,
            MemberIdentity identity,
            Set<TopicPartition> partitions,
            Map<String, Uuid> topicIds,
            Purpose purpose,
            long timeoutNanos)
            implements Request<OffsetFetchResponse> {
        @Override
        public Class<OffsetFetchResponse> answerType() {
            return OffsetFetchResponse.class;
        }
    }

    /**
     * The answer to it.
     *
     * @param error of the group as a whole
     * @param errorCode the code that the broker gave
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     */
    public record OffsetFetchResponse(
            int throttleTimeMs, BrokerError error, short errorCode, Map<TopicPartition, Found> partitions)
            implements Answer {}

    /**
     * The offset of one partition.
     *
     * @param errorCode the code that the broker gave
     * @param offset -1 if none is stored
     * @param leaderEpoch -1 if it is not known
     * @param metadata what the application has stored beside it, or null
     */
    public record Found(
            BrokerError error,
            short errorCode,
            long offset,
            int leaderEpoch,
            @Nullable String metadata) {}
}
