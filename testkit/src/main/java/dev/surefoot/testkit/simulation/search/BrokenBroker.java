package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.testkit.exchange.ChangedAnswers;
import dev.surefoot.testkit.simulation.model.PartitionLog;
import dev.surefoot.testkit.simulation.search.Wire.Phase;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Changes requests and answers as a broker with bugs does. One change in each exchange. */
final class BrokenBroker {
    /** The id of a session that no broker has granted. */
    static final int WRONG_SESSION_ID = 777_777_777;

    private static final int UNASKED_PARTITION = 9;

    private final SmallCluster cluster;
    private final SessionLedger ledger;
    private final Wire wire;

    BrokenBroker(SmallCluster cluster, SessionLedger ledger, Wire wire) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.wire = wire;
    }

    /** Returns whether this step can change the answer in transit. */
    boolean mayAnswerSo(Step step) {
        if (wire.phase() != Phase.ANSWER || wire.tampered() || wire.answer().error() != BrokerError.NONE) {
            return false;
        }
        return switch (step) {
            case MISSING_PARTITION_0, MISSING_PARTITION_1 -> mentions(wire.answer(), step.partition());
            case WRONG_SESSION_ID -> wire.answer().sessionId() > 0;
            case BATCH_BELOW_0, BATCH_BELOW_1 -> askedBehindFirst(step.partition()) != null;
            default -> true;
        };
    }

    /** Returns whether the fetch in flight continues a session that can lose this partition. */
    boolean mayLose(int partition) {
        return wire.phase() == Phase.REQUEST && wire.plan().kind() == Kind.INCREMENTAL && entry(partition) != null;
    }

    /** Returns the request as it is for a broker that loses a partition of the session right after it. */
    FetchPlan losing(int partition) {
        FetchPlan plan = wire.plan();
        List<TopicIdPartition> forgotten = new ArrayList<>(plan.forgotten());
        forgotten.add(Objects.requireNonNull(entry(partition)).getKey());
        return new FetchPlan(
                plan.kind(),
                plan.sessionId(),
                plan.epoch(),
                plan.byTopicId(),
                plan.partitions(),
                forgotten,
                plan.immediate());
    }

    /** Returns the target by which the broker answers this fetch for a partition, or null. */
    private Map.@Nullable Entry<TopicIdPartition, FetchTarget> entry(int partition) {
        Map.Entry<TopicIdPartition, FetchTarget> planned = entryOf(wire.plan().partitions(), partition);
        if (planned != null || wire.plan().kind() != Kind.INCREMENTAL) {
            return planned;
        }
        return entryOf(ledger.told(), partition);
    }

    /** Returns the partition, if it is fetched from an offset after its first batch, or null. */
    private @Nullable TopicIdPartition askedBehindFirst(int partition) {
        Map.Entry<TopicIdPartition, FetchTarget> entry = entry(partition);
        if (entry == null
                || entry.getValue().fetchOffset() == 0
                || wire.plan().forgotten().contains(entry.getKey())) {
            return null;
        }
        return entry.getKey();
    }

    /** Returns the answer in transit, changed by this step. */
    FetchAnswer answerSo(Step step) {
        FetchAnswer answer = wire.answer();
        return switch (step) {
            case EXTRA_PARTITION -> with(answer, extra(), 0, ByteBuffer.allocate(0));
            case MISSING_PARTITION_0, MISSING_PARTITION_1 -> without(answer, step.partition());
            case WRONG_SESSION_ID -> ChangedAnswers.withSessionId(answer, WRONG_SESSION_ID);
            case BATCH_BELOW_0, BATCH_BELOW_1 -> {
                TopicIdPartition key = Objects.requireNonNull(askedBehindFirst(step.partition()));
                PartitionLog log = cluster.partition(step.partition()).log();
                yield with(answer, key, log.highWatermark(), log.read(0, 1, 1, true));
            }
            case REFUSE_SESSION -> ChangedAnswers.refused(answer, BrokerError.FETCH_SESSION_ID_NOT_FOUND);
            case REFUSE_EPOCH -> ChangedAnswers.refused(answer, BrokerError.INVALID_FETCH_SESSION_EPOCH);
            case REFUSE -> ChangedAnswers.refused(answer, BrokerError.UNKNOWN_SERVER_ERROR);
            default -> throw new IllegalArgumentException(step + " changes no answer");
        };
    }

    /** Returns a partition that this request forgets, or one that does not exist. */
    private TopicIdPartition extra() {
        FetchPlan plan = wire.plan();
        if (!plan.forgotten().isEmpty()) {
            return plan.forgotten().get(0);
        }
        Uuid topicId = plan.byTopicId() ? cluster.topic().id() : Uuid.ZERO_UUID;
        return new TopicIdPartition(topicId, UNASKED_PARTITION, SmallCluster.TOPIC);
    }

    /** Returns whether an answer that this step changes contradicts the request, so that a client must detect it. */
    boolean isContradictory(Step step) {
        boolean incremental = wire.plan().kind() == Kind.INCREMENTAL;
        return switch (step) {
            case EXTRA_PARTITION, BATCH_BELOW_0, BATCH_BELOW_1 -> true;
            case WRONG_SESSION_ID -> incremental;
            case MISSING_PARTITION_0, MISSING_PARTITION_1 ->
                !incremental && wire.answer().throttleTimeMs() == 0;
            default -> false;
        };
    }

    private static boolean mentions(FetchAnswer answer, int partition) {
        return answer.partitions().stream().anyMatch(said -> said.partition() == partition);
    }

    private static FetchAnswer without(FetchAnswer answer, int partition) {
        return ChangedAnswers.withPartitions(
                answer,
                answer.partitions().stream()
                        .filter(said -> said.partition() != partition)
                        .toList());
    }

    /** Returns the answer with these records, and nothing else, for one partition. */
    private static FetchAnswer with(FetchAnswer answer, TopicIdPartition key, long highWatermark, ByteBuffer records) {
        List<PartitionAnswer> partitions =
                new ArrayList<>(without(answer, key.partition()).partitions());
        partitions.add(ChangedAnswers.served(key, highWatermark, records));
        return ChangedAnswers.withPartitions(answer, partitions);
    }

    /** The entry of this partition, or null. */
    private static Map.@Nullable Entry<TopicIdPartition, FetchTarget> entryOf(
            Map<TopicIdPartition, FetchTarget> targets, int partition) {
        for (Map.Entry<TopicIdPartition, FetchTarget> entry : targets.entrySet()) {
            if (entry.getKey().partition() == partition) {
                return entry;
            }
        }
        return null;
    }
}
