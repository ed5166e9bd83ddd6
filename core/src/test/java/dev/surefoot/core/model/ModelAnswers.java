package dev.surefoot.core.model;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionAnswer.EpochEndOffset;
import dev.surefoot.core.session.PartitionAnswer.LeaderHint;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/** Fetch answers as brokers word them. */
public final class ModelAnswers {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ModelAnswers() {}

    /** An answer without an error. */
    public static FetchAnswer answer(int sessionId, List<PartitionAnswer> partitions) {
        return new FetchAnswer(BrokerError.NONE, 0, sessionId, partitions, List.of(), Lease.NONE);
    }

    /** A request that was refused as a whole. */
    public static FetchAnswer refused(BrokerError error) {
        return new FetchAnswer(error, 0, 0, List.of(), List.of(), Lease.NONE);
    }

    /** An answer to a client that is over its quota (KIP-219): empty, and at once. */
    public static FetchAnswer throttled(int sessionId) {
        return throttled(sessionId, List.of());
    }

    /** An answer that asks for quiet and yet has something to say. */
    public static FetchAnswer throttled(int sessionId, List<PartitionAnswer> partitions) {
        return new FetchAnswer(BrokerError.NONE, 100, sessionId, partitions, List.of(), Lease.NONE);
    }

    /** News of the watermarks only. */
    public static PartitionAnswer marks(TopicIdPartition key, long highWatermark) {
        return records(key, highWatermark, NOTHING);
    }

    public static PartitionAnswer records(TopicIdPartition key, long highWatermark, ByteBuffer records) {
        return partition(key, BrokerError.NONE, highWatermark, -1, null, null, records);
    }

    public static PartitionAnswer error(TopicIdPartition key, BrokerError error) {
        return partition(key, error, -1, -1, null, null, NOTHING);
    }

    /** An error with the leader that the broker knows (KIP-951). */
    public static PartitionAnswer moved(TopicIdPartition key, BrokerError error, int leaderId, int leaderEpoch) {
        return partition(key, error, -1, -1, null, new LeaderHint(leaderId, leaderEpoch), NOTHING);
    }

    /** The leader asks to be left alone in favour of a replica (KIP-392). */
    public static PartitionAnswer preferring(TopicIdPartition key, int replica, long highWatermark) {
        return partition(key, BrokerError.NONE, highWatermark, replica, null, null, NOTHING);
    }

    /** The log parts from what the client has fetched (KIP-595). */
    public static PartitionAnswer diverging(TopicIdPartition key, int epoch, long endOffset) {
        return partition(key, BrokerError.NONE, -1, -1, new EpochEndOffset(epoch, endOffset), null, NOTHING);
    }

    private static PartitionAnswer partition(
            TopicIdPartition key,
            BrokerError error,
            long highWatermark,
            int preferredReplica,
            EpochEndOffset diverging,
            LeaderHint leader,
            ByteBuffer records) {
        boolean byId = !key.topicId().equals(Uuid.ZERO_UUID);
        return new PartitionAnswer(
                key.topicId(),
                byId ? null : key.topic(),
                key.partition(),
                error,
                highWatermark,
                highWatermark,
                highWatermark < 0 ? -1 : 0,
                preferredReplica,
                List.of(),
                diverging,
                leader,
                records);
    }
}
