package dev.surefoot.core.position;

import dev.surefoot.core.error.BrokerError;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A decoded ListOffsets response.
 *
 * @param throttleTimeMs milliseconds for which the broker asks the client to send nothing (KIP-219)
 */
public record ListOffsetsAnswer(int throttleTimeMs, Map<TopicPartition, PartitionOffset> partitions) {
    /**
     * @param offset the offset found, or -1 if no record has the requested timestamp or a later one
     * @param timestamp the timestamp of the record found in milliseconds since the epoch, or -1
     * @param leaderEpoch the leader epoch of the record found, or -1
     * @param errorCode the error code as the broker sent it; {@link BrokerError} may have no constant for it
     */
    public record PartitionOffset(BrokerError error, long offset, long timestamp, int leaderEpoch, short errorCode) {
        public PartitionOffset(BrokerError error, long offset, long timestamp, int leaderEpoch) {
            this(error, offset, timestamp, leaderEpoch, error.code());
        }
    }
}
