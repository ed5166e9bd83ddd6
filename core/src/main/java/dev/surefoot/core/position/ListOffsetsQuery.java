package dev.surefoot.core.position;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A question for offsets by timestamp, put to the leader of all partitions in it (ListOffsets).
 *
 * @param readCommitted whether {@link #LATEST} means the last stable offset rather than the high watermark
 */
public record ListOffsetsQuery(boolean readCommitted, Map<TopicPartition, PartitionTimestamp> partitions) {
    /** The timestamp that asks for the end of the log. */
    public static final long LATEST = -1;

    /** The timestamp that asks for the start of the log. */
    public static final long EARLIEST = -2;

    /**
     * @param timestamp milliseconds since the epoch, or {@link #LATEST} or {@link #EARLIEST}
     * @param currentLeaderEpoch the leader epoch the client believes in, or -1
     */
    public record PartitionTimestamp(long timestamp, int currentLeaderEpoch) {}
}
