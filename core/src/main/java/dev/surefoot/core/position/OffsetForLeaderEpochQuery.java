package dev.surefoot.core.position;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The contents of an OffsetForLeaderEpoch request (KIP-320), sent to the leader of all its partitions. */
public record OffsetForLeaderEpochQuery(Map<TopicPartition, PartitionEpoch> partitions) {
    /**
     * @param currentLeaderEpoch the newest leader epoch that the client knows, or -1
     * @param leaderEpoch the epoch whose end offset is requested
     */
    public record PartitionEpoch(int currentLeaderEpoch, int leaderEpoch) {}
}
