package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.testkit.exchange.ChangedAnswers;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import dev.surefoot.testkit.simulation.model.ModelTopic;
import dev.surefoot.testkit.simulation.schedule.Act;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Changes answers in ways in which only a broker with a bug answers. */
final class Tampering {
    private static final Set<Act> BUGS = EnumSet.of(
            Act.THROTTLED_WITHOUT_SESSION,
            Act.FETCH_REFUSED,
            Act.EXTRA_PARTITION,
            Act.EXTRA_TOPIC_ID,
            Act.WRONG_SESSION_ID,
            Act.PARTITION_MISSING,
            Act.PARTITION_TWICE,
            Act.LOW_BATCHES,
            Act.NO_HIGH_WATERMARK);
    private static final List<BrokerError> REFUSALS = List.of(
            BrokerError.UNKNOWN_SERVER_ERROR,
            BrokerError.FETCH_SESSION_TOPIC_ID_ERROR,
            BrokerError.KAFKA_STORAGE_ERROR);
    /** The most bytes of old batches that replace new ones. */
    private static final int LOW_BYTES_MOST = 10_000;

    private final ModelCluster cluster;
    private final WireFaults faults;

    Tampering(ModelCluster cluster, WireFaults faults) {
        this.cluster = cluster;
        this.faults = faults;
    }

    /** Returns the answer with the first armed fault that fits this broker and answer. */
    FetchAnswer tamper(int broker, FetchPlan plan, FetchAnswer answer) {
        WireFaults.Armed fault = faults.peek(broker, BUGS);
        if (fault == null || answer.error() != BrokerError.NONE || plan.kind() == Kind.CLOSE) {
            return answer;
        }
        FetchAnswer changed = changed(fault, plan, answer);
        if (changed == null) {
            return answer;
        }
        faults.happened(fault);
        return changed;
    }

    private @Nullable FetchAnswer changed(WireFaults.Armed fault, FetchPlan plan, FetchAnswer answer) {
        List<PartitionAnswer> partitions = new ArrayList<>(answer.partitions());
        boolean full = plan.kind() != Kind.INCREMENTAL;
        switch (fault.act()) {
            case THROTTLED_WITHOUT_SESSION -> {
                return answer.throttleTimeMs() > 0 ? ChangedAnswers.withSessionId(answer, -1) : null;
            }
            case FETCH_REFUSED -> {
                return ChangedAnswers.refused(answer, REFUSALS.get((int) fault.amount() % REFUSALS.size()));
            }
            case WRONG_SESSION_ID -> {
                return full || answer.sessionId() <= 0
                        ? null
                        : ChangedAnswers.withSessionId(answer, answer.sessionId() + 1);
            }
            case EXTRA_PARTITION -> {
                PartitionAnswer extra = extra(plan, fault.partition());
                if (extra == null) {
                    return null;
                }
                partitions.add(partitions.size() / 2, extra);
            }
            case EXTRA_TOPIC_ID -> {
                if (!plan.byTopicId()) {
                    return null;
                }
                partitions.add(empty(new TopicIdPartition(new Uuid(99, 99), new TopicPartition("", 0))));
            }
            case PARTITION_MISSING -> {
                List<PartitionAnswer> candidates = full ? partitions : added(plan, partitions);
                if (candidates.isEmpty()) {
                    return null;
                }
                partitions.remove(candidates.get(fault.partition() % candidates.size()));
            }
            case PARTITION_TWICE -> {
                if (partitions.isEmpty()) {
                    return null;
                }
                partitions.add(partitions.get(fault.partition() % partitions.size()));
            }
            case LOW_BATCHES -> {
                return lowBatches(answer, partitions);
            }
            case NO_HIGH_WATERMARK -> {
                int index = firstOrderly(partitions);
                if (index < 0) {
                    return null;
                }
                partitions.set(index, ChangedAnswers.withHighWatermark(partitions.get(index), -1));
            }
            default -> throw new IllegalArgumentException("no bug of a broker: " + fault.act());
        }
        return ChangedAnswers.withPartitions(answer, partitions);
    }

    /** Returns the partitions of the answer that the request lists; it adds most of them to the session. */
    private List<PartitionAnswer> added(FetchPlan plan, List<PartitionAnswer> partitions) {
        return partitions.stream()
                .filter(answer -> plan.partitions().keySet().stream()
                        .anyMatch(key -> key.topicPartition().equals(nameOf(answer))))
                .toList();
    }

    private static int firstOrderly(List<PartitionAnswer> partitions) {
        for (int i = 0; i < partitions.size(); i++) {
            PartitionAnswer answer = partitions.get(i);
            boolean plain = answer.divergingEpoch() == null && answer.preferredReadReplica() < 0;
            if (plain && answer.error() == BrokerError.NONE) {
                return i;
            }
        }
        return -1;
    }

    /** Returns a partition that is neither in the plan nor in the session: its number is above those of all topics. */
    private @Nullable PartitionAnswer extra(FetchPlan plan, int partition) {
        for (ModelTopic topic : cluster.topics()) {
            Uuid id = plan.byTopicId() ? topic.id() : Uuid.ZERO_UUID;
            return empty(new TopicIdPartition(id, new TopicPartition(topic.name(), 100 + partition)));
        }
        return null;
    }

    private static PartitionAnswer empty(TopicIdPartition key) {
        return ChangedAnswers.served(key, 0, ByteBuffer.allocate(0));
    }

    private @Nullable FetchAnswer lowBatches(FetchAnswer answer, List<PartitionAnswer> partitions) {
        for (int i = 0; i < partitions.size(); i++) {
            PartitionAnswer served = partitions.get(i);
            ModelPartition partition = cluster.partition(nameOf(served));
            if (partition == null || !served.records().hasRemaining()) {
                continue;
            }
            long from = served.records().getLong(served.records().position());
            long start = partition.log().startOffset();
            // Whole batches from the start of the log up to the beginning of the correct answer.
            ByteBuffer low = partition.log().read(start, from, LOW_BYTES_MOST, true);
            if (low.hasRemaining() && low.remaining() < LOW_BYTES_MOST && from > start) {
                partitions.set(i, ChangedAnswers.withRecords(served, low));
                return ChangedAnswers.withPartitions(answer, partitions);
            }
        }
        return null;
    }

    private TopicPartition nameOf(PartitionAnswer answer) {
        String name = answer.topic();
        for (ModelTopic topic : cluster.topics()) {
            if (topic.id().equals(answer.topicId())) {
                name = topic.name();
            }
        }
        return new TopicPartition(name == null ? "" : name, answer.partition());
    }
}
