package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Stores offsets of a group. */
public final class OffsetCommit {
    private OffsetCommit() {}

    /**
     * Stores these offsets.
     *
     * @param identity with an empty member id and epoch -1 for a consumer that is no member
     * @param topicIds the ids of the topics; version 10 is used only if all are known
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record OffsetCommitRequest(
            int nodeId,
            MemberIdentity identity,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Map<String, Uuid> topicIds,
            long timeoutNanos)
            implements Request<OffsetCommitResponse> {
        @Override
        public Purpose purpose() {
            return Purpose.COORDINATOR;
        }

        @Override
        public Class<OffsetCommitResponse> answerType() {
            return OffsetCommitResponse.class;
        }
    }

    /**
     * The answer to it: an error or none for each partition; errors of the group are repeated for each.
     *
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     */
    public record OffsetCommitResponse(int throttleTimeMs, Map<TopicPartition, Stored> partitions) implements Answer {}

    /**
     * What became of one offset.
     *
     * @param errorCode the code that the broker gave
     */
    public record Stored(BrokerError error, short errorCode) {}
}
