package dev.surefoot.testkit.exchange;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Makes copies of Fetch answers with one thing changed. A copy shares the lease of the answer that it was made from.
 */
public final class ChangedAnswers {
    private ChangedAnswers() {}

    /** Returns the answer with another session id. */
    public static FetchAnswer withSessionId(FetchAnswer answer, int sessionId) {
        return new FetchAnswer(
                answer.error(),
                answer.throttleTimeMs(),
                sessionId,
                answer.partitions(),
                answer.nodeEndpoints(),
                answer.lease());
    }

    /** Returns the answer with these partitions instead of its own. */
    public static FetchAnswer withPartitions(FetchAnswer answer, List<PartitionAnswer> partitions) {
        return new FetchAnswer(
                answer.error(),
                answer.throttleTimeMs(),
                answer.sessionId(),
                partitions,
                answer.nodeEndpoints(),
                answer.lease());
    }

    /** Returns an answer with this top-level error and no partitions. */
    public static FetchAnswer refused(FetchAnswer answer, BrokerError error) {
        return new FetchAnswer(error, answer.throttleTimeMs(), 0, List.of(), List.of(), answer.lease());
    }

    /** Returns the partition with these records instead of its own. */
    public static PartitionAnswer withRecords(PartitionAnswer answer, ByteBuffer records) {
        return changed(answer, answer.highWatermark(), records);
    }

    /** Returns the partition with another high watermark. */
    public static PartitionAnswer withHighWatermark(PartitionAnswer answer, long highWatermark) {
        return changed(answer, highWatermark, answer.records());
    }

    private static PartitionAnswer changed(PartitionAnswer answer, long highWatermark, ByteBuffer records) {
        return new PartitionAnswer(
                answer.topicId(),
                answer.topic(),
                answer.partition(),
                answer.error(),
                highWatermark,
                answer.lastStableOffset(),
                answer.logStartOffset(),
                answer.preferredReadReplica(),
                answer.abortedTransactions(),
                answer.divergingEpoch(),
                answer.currentLeader(),
                records);
    }

    /**
     * Returns the answer of a broker for a partition that has these records, in a log without transactions. It names
     * the topic as the key does: by its id if that is not zero.
     */
    public static PartitionAnswer served(TopicIdPartition key, long highWatermark, ByteBuffer records) {
        return new PartitionAnswer(
                key.topicId(),
                key.topicId().equals(Uuid.ZERO_UUID) ? key.topic() : null,
                key.partition(),
                BrokerError.NONE,
                highWatermark,
                highWatermark,
                0,
                -1,
                List.of(),
                null,
                null,
                records);
    }
}
