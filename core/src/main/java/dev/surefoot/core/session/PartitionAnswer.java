package dev.surefoot.core.session;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a Fetch response.
 *
 * @param topicId the topic's id (v13 and above), otherwise {@link Uuid#ZERO_UUID}
 * @param topic the topic's name (up to v12), otherwise null
 * @param error the partition's own error; the session is unharmed by it
 * @param highWatermark the high watermark, or -1 with an error
 * @param lastStableOffset the last stable offset, or -1 when the broker does not say
 * @param logStartOffset the log start offset, or -1 when the broker does not say
 * @param preferredReadReplica the node to fetch from instead (KIP-392), or -1
 * @param abortedTransactions transactions aborted in this range; empty unless {@code read_committed}
 * @param divergingEpoch where the log parts from what the client has fetched (KIP-595), or null
 * @param currentLeader who leads the partition now (KIP-951), or null
 * @param records the record batches, possibly with a cut last one; position 0 to limit; empty rather than null
 * @param errorCode the error as the broker gave it, which may be one that {@link BrokerError} does not know
 */
public record PartitionAnswer(
        Uuid topicId,
        @Nullable String topic,
        int partition,
        BrokerError error,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        int preferredReadReplica,
        List<AbortedTransaction> abortedTransactions,
        @Nullable EpochEndOffset divergingEpoch,
        @Nullable LeaderHint currentLeader,
        ByteBuffer records,
        short errorCode) {

    /** An answer whose error this version knows. */
    public PartitionAnswer(
            Uuid topicId,
            @Nullable String topic,
            int partition,
            BrokerError error,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            int preferredReadReplica,
            List<AbortedTransaction> abortedTransactions,
            @Nullable EpochEndOffset divergingEpoch,
            @Nullable LeaderHint currentLeader,
            ByteBuffer records) {
        this(
                topicId,
                topic,
                partition,
                error,
                highWatermark,
                lastStableOffset,
                logStartOffset,
                preferredReadReplica,
                abortedTransactions,
                divergingEpoch,
                currentLeader,
                records,
                error.code());
    }

    /** The largest offset up to which a leader epoch is known to agree. */
    public record EpochEndOffset(int leaderEpoch, long endOffset) {}

    /** A leader named in an answer, -1 where the broker does not know it. */
    public record LeaderHint(int leaderId, int leaderEpoch) {}
}
