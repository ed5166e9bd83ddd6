package dev.surefoot.core.position;

import dev.surefoot.core.error.BrokerError;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** A decoded OffsetForLeaderEpoch response. */
public record OffsetForLeaderEpochAnswer(int throttleTimeMs, Map<TopicPartition, EpochEndOffset> partitions) {
    /**
     * @param leaderEpoch the largest epoch at or below the one asked for, or -1 when the broker knows none
     * @param endOffset the first offset after that epoch, or -1 when the broker knows none
     * @param errorCode the error as the broker gave it, which may be one that {@link BrokerError} does not know
     */
    public record EpochEndOffset(BrokerError error, int leaderEpoch, long endOffset, short errorCode) {
        public EpochEndOffset(BrokerError error, int leaderEpoch, long endOffset) {
            this(error, leaderEpoch, endOffset, error.code());
        }
    }
}
