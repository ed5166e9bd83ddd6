package dev.surefoot.core.position;

import dev.surefoot.core.error.BrokerError;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** A decoded ListOffsets response. */
public record ListOffsetsAnswer(int throttleTimeMs, Map<TopicPartition, PartitionOffset> partitions) {
    /**
     * @param offset the offset found, or -1 when no record is as young as the timestamp asked for
     * @param timestamp the timestamp of the record found, or -1
     * @param leaderEpoch the leader epoch of the record found, or -1
     * @param errorCode the error as the broker gave it, which may be one that {@link BrokerError} does not know
     */
    public record PartitionOffset(BrokerError error, long offset, long timestamp, int leaderEpoch, short errorCode) {
        public PartitionOffset(BrokerError error, long offset, long timestamp, int leaderEpoch) {
            this(error, offset, timestamp, leaderEpoch, error.code());
        }
    }
}
