package dev.surefoot.core.position;

import dev.surefoot.core.error.BrokerError;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A decoded OffsetForLeaderEpoch response.
 *
 * @param throttleTimeMs milliseconds for which the broker asks the client to send nothing (KIP-219)
 */
public record OffsetForLeaderEpochAnswer(int throttleTimeMs, Map<TopicPartition, EpochEndOffset> partitions) {
    /**
     * @param leaderEpoch the largest epoch at or below the requested one, or -1 if the broker has none
     * @param endOffset the first offset after that epoch, or -1 if the broker has none
     * @param errorCode the error code as the broker sent it; {@link BrokerError} may have no constant for it
     */
    public record EpochEndOffset(BrokerError error, int leaderEpoch, long endOffset, short errorCode) {
        public EpochEndOffset(BrokerError error, int leaderEpoch, long endOffset) {
            this(error, leaderEpoch, endOffset, error.code());
        }
    }
}
