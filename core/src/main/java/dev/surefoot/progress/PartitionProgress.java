package dev.surefoot.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * The progress of one partition. Each half, the application's and that of fetching, is exact by itself; they may be a
 * second apart.
 *
 * @param partition the partition
 * @param why its one cause
 * @param position the next offset that the application reads; empty while it is being looked up
 * @param fetchPosition the next offset to fetch
 * @param highWatermark the offset after the last replicated record, as a broker told last
 * @param lastStableOffset the offset below which no transaction is open, as a broker told last
 * @param logStart the first offset of the log, as a broker told last
 * @param proof how the end is known, and whether that still holds
 * @param lag offsets between the position and the end of what may be read; empty while the end is not known
 * @param pinnedOffsets offsets between the last stable offset and the high watermark that an open transaction keeps
 *     from a consumer with {@code isolation.level=read_committed}; 0 for others
 * @param timeLag how old the records are that were not read yet
 * @param rates how fast the partition grows and is read
 * @param sinceAdvance how long ago the position moved, or was assigned or sought
 * @param sinceMention how long ago a broker told anything about the partition; empty if none has
 * @param fetchedFrom the node id of the broker that it is fetched from, or -1
 * @param follower whether that broker is a follower (KIP-392)
 */
public record PartitionProgress(
        TopicPartition partition,
        Diagnosis why,
        OptionalLong position,
        OptionalLong fetchPosition,
        OptionalLong highWatermark,
        OptionalLong lastStableOffset,
        OptionalLong logStart,
        Proof proof,
        OptionalLong lag,
        long pinnedOffsets,
        TimeLag timeLag,
        Rates rates,
        Duration sinceAdvance,
        Optional<Duration> sinceMention,
        int fetchedFrom,
        boolean follower) {}
