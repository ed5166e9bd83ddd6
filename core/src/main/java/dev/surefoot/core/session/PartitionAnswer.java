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
 * @param error the partition's own error, which does not affect the session
 * @param highWatermark the high watermark, or -1 with an error
 * @param lastStableOffset the last stable offset, or -1 if the broker does not send it
 * @param logStartOffset the log start offset, or -1 if the broker does not send it
 * @param preferredReadReplica the node to fetch from instead (KIP-392), or -1 for none
 * @param abortedTransactions transactions aborted in this range; empty unless {@code read_committed}
 * @param divergingEpoch where the log diverges from what the client has fetched (KIP-595), or null
 * @param currentLeader the present leader (KIP-951), or null
 * @param records the record batches, from position 0 to the limit; the last one may be cut short; empty if there are
 *     none
 * @param errorCode the error code as the broker sent it; {@link BrokerError} may have no constant for it
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

    /** Makes an answer whose error code is that of {@code error}. */
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

    /** The end offset of the largest leader epoch that the broker's log has at or below the one fetched. */
    public record EpochEndOffset(int leaderEpoch, long endOffset) {}

    /** A leader named in an answer; each value is -1 if the broker does not know it. */
    public record LeaderHint(int leaderId, int leaderEpoch) {}
}
