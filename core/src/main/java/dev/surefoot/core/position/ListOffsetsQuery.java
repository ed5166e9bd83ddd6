package dev.surefoot.core.position;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The contents of a ListOffsets request, sent to the leader of all its partitions.
 *
 * @param readCommitted whether {@link #LATEST} asks for the last stable offset rather than the high watermark
 */
public record ListOffsetsQuery(boolean readCommitted, Map<TopicPartition, PartitionTimestamp> partitions) {
    /** The timestamp that asks for the end of the log. */
    public static final long LATEST = -1;

    /** The timestamp that asks for the start of the log. */
    public static final long EARLIEST = -2;

    /**
     * The timestamp that asks for the start of the local log, which differs from that of the log if older records are
     * in remote storage (KIP-405). A broker that does not know it answers with the start of the log.
     */
    public static final long EARLIEST_LOCAL = -4;

    /**
     * @param timestamp milliseconds since the epoch, or {@link #LATEST} or {@link #EARLIEST}
     * @param currentLeaderEpoch the newest leader epoch that the client knows, or -1
     */
    public record PartitionTimestamp(long timestamp, int currentLeaderEpoch) {}
}
