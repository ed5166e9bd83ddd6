package dev.surefoot.testkit.simulation.schedule;

import java.util.Objects;

/**
 * The cluster of a schedule and the configuration of its consumer.
 *
 * @param brokers how many brokers there are, 1 or more
 * @param topics over how many topics the partitions are spread
 * @param partitions how many partitions there are at the start, over all topics
 * @param batches how many batches each partition has at the start
 * @param recordsPerBatch records in each batch
 * @param topicIds whether brokers name topics by id in fetches (v13 and later)
 * @param namesNewLeaders whether brokers that refuse a fetch name the leader (KIP-951)
 * @param sequentialSessionIds whether session ids are counted rather than drawn
 * @param firstSessionEpoch the epoch after a session's opening, 1 by the protocol
 * @param sessions {@code enable.incremental.fetch.sessions}
 * @param readCommitted whether the consumer reads committed records only
 * @param reset {@code auto.offset.reset}
 * @param auditMillis {@code surefoot.session.audit.interval.ms}
 * @param bufferBytes {@code surefoot.buffer.bytes}
 * @param fetchBytes {@code fetch.max.bytes}
 * @param partitionBytes {@code max.partition.fetch.bytes}
 * @param pollRecords {@code max.poll.records}
 * @param group the group of the consumers, {@link GroupShape#NONE} for one consumer without a group
 */
public record Shape(
        int brokers,
        int topics,
        int partitions,
        int batches,
        int recordsPerBatch,
        boolean topicIds,
        boolean namesNewLeaders,
        boolean sequentialSessionIds,
        int firstSessionEpoch,
        boolean sessions,
        boolean readCommitted,
        Reset reset,
        long auditMillis,
        long bufferBytes,
        int fetchBytes,
        int partitionBytes,
        int pollRecords,
        GroupShape group) {

    /** Schedules from before there were groups do not name one. */
    public Shape {
        group = Objects.requireNonNullElse(group, GroupShape.NONE);
    }

    /** How a position that does not exist or is out of range is reset. */
    public enum Reset {
        EARLIEST,
        LATEST,
        /** Not at all: {@code poll} throws, and the application must seek. */
        NONE
    }

    /** The simplest world, at which shrinking ends. */
    public static final Shape PLAINEST = new Shape(
            1,
            1,
            1,
            0,
            1,
            true,
            false,
            false,
            1,
            true,
            false,
            Reset.EARLIEST,
            1_000,
            1 << 20,
            1 << 20,
            1 << 20,
            500,
            GroupShape.NONE);
}
