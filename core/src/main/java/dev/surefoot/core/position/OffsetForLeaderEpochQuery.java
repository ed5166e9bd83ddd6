package dev.surefoot.core.position;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A question for the end offsets of leader epochs, put to the leader of all partitions in it (OffsetForLeaderEpoch,
 * KIP-320).
 */
public record OffsetForLeaderEpochQuery(Map<TopicPartition, PartitionEpoch> partitions) {
    /**
     * @param currentLeaderEpoch the leader epoch the client believes in, or -1
     * @param leaderEpoch the epoch whose end is wanted
     */
    public record PartitionEpoch(int currentLeaderEpoch, int leaderEpoch) {}
}
