package dev.surefoot.runtime;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of how far the consumed positions of the assigned partitions are from both ends of their logs. Recorded
 * by the application's thread, read by any.
 */
final class LagMeter {
    private final Metrics metrics;
    private final String group;
    private final Map<TopicPartition, PartitionLag> partitions = new ConcurrentHashMap<>();
    private final Quantity lag;
    private final Quantity lead;
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

    void assigned(Collection<TopicPartition> assignment) {
        partitions.entrySet().removeIf(entry -> {
            boolean revoked = !assignment.contains(entry.getKey());
            if (revoked) {
                entry.getValue().close();
            }
            return revoked;
        });
        for (TopicPartition partition : assignment) {
            partitions.computeIfAbsent(partition, this::open);
        }
    }

    private PartitionLag open(TopicPartition partition) {
        MetricScope scope = MetricScope.ofPartition(metrics, partition);
        ToIntFunction<TopicPartition> replica = readReplica;
        Gauge<Integer> preferred = (config, nowMs) -> replica.applyAsInt(partition);
        scope.add("preferred-read-replica", group, "The replica that is read from, -1 for the leader", preferred);
        LagByProof proof = byProof;
        return new PartitionLag(
                scope,
                metrics.config(),
                group,
                proof == null ? lagNow -> lagNow : lagNow -> proof.of(partition, lagNow));
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
        known.record(partitionLag, partitionLead, read, nowMs);
        if (!Double.isNaN(partitionLag)) {
            lag.record(partitionLag, nowMs);
        }
        if (!Double.isNaN(partitionLead)) {
            lead.record(partitionLead, nowMs);
        }
    }
}
