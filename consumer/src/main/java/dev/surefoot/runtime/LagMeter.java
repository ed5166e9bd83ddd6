package dev.surefoot.runtime;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of how far the consumed positions of the assigned partitions are from both ends of their logs. Recorded
 * by the application's thread, read by any. {@link PartitionMeters} has those of single partitions registered.
 */
final class LagMeter {
    private final Metrics metrics;
    private final String group;
    private final Map<TopicPartition, PartitionLag> partitions = new ConcurrentHashMap<>();
    private final Quantity lag;
    private final Quantity lead;
    private Consumer<TopicPartition> unsettled = partition -> {};
    private ToIntFunction<TopicPartition> readReplica = partition -> -1;
    private @Nullable LagByProof byProof;

    LagMeter(Metrics metrics, String group) {
        this.metrics = metrics;
        this.group = group;
        this.lag = new Quantity(metrics.config());
        this.lead = new Quantity(metrics.config());
        MetricScope client = MetricScope.ofClient(metrics);
        client.add(
                "records-lag-max",
                group,
                "The largest lag of any partition in this window, in records; NaN while no lag is known",
                StandingStat.max(lag, () -> ofAll(PartitionLag::lag, Math::max)));
        client.add(
                "records-lead-min",
                group,
                "The smallest lead of any partition in this window, in records; NaN while no lead is known",
                StandingStat.min(lead, () -> ofAll(PartitionLag::lead, Math::min)));
    }

    /** Iterates over all partitions whenever the metric is read. */
    private double ofAll(ToDoubleFunction<PartitionLag> value, DoubleBinaryOperator pick) {
        double picked = Double.NaN;
        for (PartitionLag partition : partitions.values()) {
            double one = value.applyAsDouble(partition);
            if (!Double.isNaN(one)) {
                picked = Double.isNaN(picked) ? one : pick.applyAsDouble(picked, one);
            }
        }
        return picked;
    }

    /** @param replica the replica that a partition is read from, or -1; called by any thread */
    void watch(ToIntFunction<TopicPartition> replica) {
        readReplica = replica;
    }

    void watch(LagByProof proof) {
        byProof = proof;
    }

    /** @param settler takes the partitions that have come to have more metrics; called by the recording thread */
    void tellUnsettled(Consumer<TopicPartition> settler) {
        unsettled = settler;
    }

    /** Nothing is known of what is given up, and not yet of what is new. */
    void assigned(Set<TopicPartition> assignment) {
        partitions.forEach((partition, known) -> {
            if (!assignment.contains(partition)) {
                known.forget();
            }
        });
        for (TopicPartition partition : assignment) {
            partitions.computeIfAbsent(partition, this::open);
        }
    }

    private PartitionLag open(TopicPartition partition) {
        ToIntFunction<TopicPartition> replica = readReplica;
        LagByProof proof = byProof;
        return new PartitionLag(
                MetricScope.ofPartition(metrics, partition),
                metrics.config(),
                group,
                () -> replica.applyAsInt(partition),
                proof == null ? lagNow -> lagNow : lagNow -> proof.of(partition, lagNow));
    }

    /** Registers the metrics of a partition, or removes them if it is not assigned. */
    void settle(TopicPartition partition, boolean assigned) {
        PartitionLag known = partitions.get(partition);
        if (known == null) {
            return;
        }
        if (assigned) {
            known.register();
        } else {
            known.close();
            partitions.remove(partition);
        }
    }

    /**
     * @param partitionLag in records, NaN if it is not known
     * @param partitionLead in records, NaN if it is not known
     * @param read whether the application has read records since the last call
     * @param nowMs milliseconds since the epoch
     */
    void record(TopicPartition partition, double partitionLag, double partitionLead, boolean read, long nowMs) {
        PartitionLag known = partitions.get(partition);
        if (known == null) {
            return;
        }
        if (known.record(partitionLag, partitionLead, read, nowMs)) {
            unsettled.accept(partition);
        }
        if (!Double.isNaN(partitionLag)) {
            lag.record(partitionLag, nowMs);
        }
        if (!Double.isNaN(partitionLead)) {
            lead.record(partitionLead, nowMs);
        }
    }
}
