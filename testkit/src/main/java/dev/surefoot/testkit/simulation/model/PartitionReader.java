package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionAnswer.EpochEndOffset;
import dev.surefoot.core.session.PartitionAnswer.LeaderHint;
import dev.surefoot.testkit.simulation.model.PartitionLog.EpochEnd;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Reads the partitions of one fetch at one broker, one after another, within one budget of bytes. */
final class PartitionReader {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final long UNKNOWN_OFFSET = -1;

    private final ModelBroker broker;
    private final FetchTerms terms;
    private long left;
    private boolean readAny;

    PartitionReader(ModelBroker broker, FetchTerms terms) {
        this.broker = broker;
        this.terms = terms;
        this.left = terms.maxBytes();
    }

    /** Returns the answer for a partition that this broker's metadata does not contain, or null if it does. */
    static @Nullable PartitionAnswer unknown(ModelCluster cluster, WantedPartition wanted) {
        if (wanted.topic() == null) {
            return error(wanted.key(), BrokerError.UNKNOWN_TOPIC_ID, null);
        }
        return cluster.partition(wanted.name()) == null
                ? error(wanted.key(), BrokerError.UNKNOWN_TOPIC_OR_PARTITION, null)
                : null;
    }

    PartitionAnswer read(WantedPartition wanted) {
        TopicIdPartition key = wanted.key();
        FetchTarget target = wanted.target();
        ModelPartition partition = broker.cluster().partition(wanted.name());
        if (partition == null) {
            return error(key, BrokerError.UNKNOWN_TOPIC_OR_PARTITION, null);
        }
        boolean byId = !key.topicId().equals(Uuid.ZERO_UUID);
        if (byId && !key.topicId().equals(partition.topicId())) {
            return error(key, BrokerError.INCONSISTENT_TOPIC_ID, null);
        }
        BrokerError refusal = partition.refusal(broker.id(), target.currentLeaderEpoch(), true);
        if (refusal != BrokerError.NONE) {
            return error(key, refusal, broker.hintFor(partition, refusal));
        }
        PartitionLog log = partition.log();
        boolean behindTheStart = target.fetchOffset() < log.startOffset();
        boolean inRange = !behindTheStart && target.fetchOffset() <= partition.endAt(broker.id());
        int preferred = partition.preferredReplica();
        if (inRange && partition.leader() == broker.id() && preferred >= 0 && preferred != broker.id()) {
            return answer(key, partition, null, preferred, List.of(), NOTHING);
        }
        if (target.lastFetchedEpoch() >= 0) {
            Optional<EpochEnd> end = log.endOf(target.lastFetchedEpoch());
            if (end.isEmpty() || behindTheStart) {
                return error(key, BrokerError.OFFSET_OUT_OF_RANGE, null);
            }
            if (end.get().epoch() < target.lastFetchedEpoch() || end.get().endOffset() < target.fetchOffset()) {
                EpochEndOffset diverging =
                        new EpochEndOffset(end.get().epoch(), end.get().endOffset());
                return answer(key, partition, diverging, -1, List.of(), NOTHING);
            }
        }
        return inRange ? readLog(key, target, partition) : error(key, BrokerError.OFFSET_OUT_OF_RANGE, null);
    }

    private PartitionAnswer readLog(TopicIdPartition key, FetchTarget target, ModelPartition partition) {
        PartitionLog log = partition.log();
        long visible = partition.visibleAt(broker.id());
        long upTo = terms.readCommitted() ? Math.min(visible, log.lastStableOffset()) : visible;
        int most = (int) Math.max(0, Math.min(left, target.maxBytes()));
        ByteBuffer records = log.read(target.fetchOffset(), upTo, most, !readAny);
        readAny |= records.hasRemaining();
        left -= records.remaining();
        // A broker without any budget left lists the transactions all the same, unlike one whose budget is too small.
        boolean listsAborted =
                terms.readCommitted() && target.fetchOffset() < upTo && (records.hasRemaining() || most == 0);
        List<AbortedTransaction> aborted =
                listsAborted ? log.abortedWithin(target.fetchOffset(), partition.endAt(broker.id())) : List.of();
        return answer(key, partition, null, -1, aborted, records);
    }

    private PartitionAnswer answer(
            TopicIdPartition key,
            ModelPartition partition,
            @Nullable EpochEndOffset diverging,
            int preferredReplica,
            List<AbortedTransaction> aborted,
            ByteBuffer records) {
        PartitionLog log = partition.log();
        long visible = partition.visibleAt(broker.id());
        return new PartitionAnswer(
                key.topicId(),
                nameOf(key),
                key.partition(),
                BrokerError.NONE,
                visible,
                Math.min(visible, log.lastStableOffset()),
                log.startOffset(),
                preferredReplica,
                aborted,
                diverging,
                null,
                records);
    }

    private static @Nullable String nameOf(TopicIdPartition key) {
        return key.topicId().equals(Uuid.ZERO_UUID) ? key.topic() : null;
    }

    private static PartitionAnswer error(TopicIdPartition key, BrokerError error, @Nullable LeaderHint hint) {
        return new PartitionAnswer(
                key.topicId(),
                nameOf(key),
                key.partition(),
                error,
                UNKNOWN_OFFSET,
                UNKNOWN_OFFSET,
                UNKNOWN_OFFSET,
                -1,
                List.of(),
                null,
                hint,
                NOTHING);
    }
}
