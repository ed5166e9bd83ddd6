package dev.surefoot.core.fetch;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PartitionFaults;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.records.ScannedBatches;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Turns the partitions of a verified answer into effects: records to deliver, a new leader, a preferred replica, a
 * truncation or an error. Owned by the loop's thread.
 */
final class PartitionAnswers {
    /** A replica that has failed within this time, and is named again, is tried after a back-off. */
    private static final long RETRIED_NANOS = 10_000_000_000L;

    private final Cluster cluster;
    private final Positions positions;
    private final PositionRepair repair;
    private final PartitionFaults faults;
    private final ReadReplicas replicas;
    private final long readReplicaNanos;

    PartitionAnswers(
            Cluster cluster, Positions positions, PositionRepair repair, ReadReplicas replicas, long readReplicaNanos) {
        this.cluster = cluster;
        this.positions = positions;
        this.repair = repair;
        this.faults = new PartitionFaults(positions, repair);
        this.replicas = replicas;
        this.readReplicaNanos = readReplicaNanos;
    }

    /**
     * Uses the partitions of one answer that a session has accepted, in the broker's order.
     *
     * @param nodeId the broker that answered
     * @param sentAtSequence the invalidation count when the request was sent; partitions moved since then do not use
     *     the answer
     */
    List<Effect> use(
            int nodeId, List<PartitionReport> reports, FetchAnswer answer, long sentAtSequence, long nowNanos) {
        FetchedAnswer deliveries = new FetchedAnswer();
        List<Effect> effects = new ArrayList<>();
        for (PartitionReport report : reports) {
            TrackedPartition partition = positions.get(report.partition());
            FetchPosition position = partition == null ? null : partition.fetching();
            if (partition != null
                    && position != null
                    && partition.validSince(sentAtSequence)
                    && position.offset() == report.target().fetchOffset()) {
                effects.addAll(use(nodeId, partition, position, report, answer, deliveries, nowNanos));
            } else if (partition != null && report.answer().error() == BrokerError.NONE) {
                // The session may have nothing to add for long: that the broker fetches again has to be seen here.
                faults.end(partition, BrokerQuestion.RECORDS);
            }
        }
        return effects;
    }

    private List<Effect> use(
            int nodeId,
            TrackedPartition partition,
            FetchPosition position,
            PartitionReport report,
            FetchAnswer answer,
            FetchedAnswer deliveries,
            long nowNanos) {
        TopicPartition name = report.partition();
        PartitionAnswer said = report.answer();
        if (learnLeader(name, said.currentLeader(), answer)) {
            replicas.readFromLeader(name);
            return List.of(new Effect.LeaderLearned(name));
        }
        if (said.error() != BrokerError.NONE) {
            // The time of a preferred replica may have expired since it was asked, and the answer is still its own.
            boolean fromReplica = nodeId != cluster.leader(name).leaderId();
            return faults.inFetch(partition, position, nodeId, fromReplica, said.error(), said.errorCode(), nowNanos);
        }
        if (said.divergingEpoch() != null) {
            int epoch = said.divergingEpoch().leaderEpoch();
            return repair.truncated(
                    partition, position, epoch, said.divergingEpoch().endOffset());
        }
        if (said.preferredReadReplica() >= 0) {
            return preferReplica(partition, said.preferredReadReplica(), nowNanos);
        }
        return served(partition, position, report, answer, deliveries);
    }

    private boolean learnLeader(TopicPartition name, PartitionAnswer.@Nullable LeaderHint hint, FetchAnswer answer) {
        return hint != null
                && hint.leaderId() >= 0
                && cluster.update(name, hint.leaderId(), hint.leaderEpoch(), answer.nodeEndpoints());
    }

    private List<Effect> preferReplica(TrackedPartition partition, int replica, long nowNanos) {
        TopicPartition name = partition.partition();
        boolean isLeader = replica == cluster.leader(name).leaderId();
        boolean isKnown = cluster.broker(replica) != null;
        if (!isLeader && !isKnown) {
            // A leader may go on naming a broker that is gone: the cause of a partition that does not get on then.
            replicas.failed(name, replica, nowNanos);
        }
        if (isLeader || !isKnown) {
            positions.backOff(partition, nowNanos);
            return List.of(new Effect.RefreshMetadata(), new Effect.Reroute(name));
        }
        if (replicas.failedSince(name, nowNanos - RETRIED_NANOS) == replica) {
            // Without a back-off the partition would go to and fro at the speed of the leader's answers.
            positions.backOff(partition, nowNanos);
        }
        replicas.prefer(name, replica, nowNanos + readReplicaNanos);
        return List.of(new Effect.ReadReplicaChanged(name, replica), new Effect.Reroute(name));
    }

    private List<Effect> served(
            TrackedPartition partition,
            FetchPosition position,
            PartitionReport report,
            FetchAnswer answer,
            FetchedAnswer deliveries) {
        TopicPartition name = report.partition();
        PartitionAnswer said = report.answer();
        ScannedBatches batches = report.batches();
        Watermarks marks = new Watermarks(said.highWatermark(), said.lastStableOffset(), said.logStartOffset());
        List<Effect> effects = new ArrayList<>(repair.served(partition));
        if (batches.nextOffset() > position.offset()) {
            effects.add(new Effect.Deliver(new Delivery.Records(
                    name,
                    partition.generation(),
                    verified(position, report, answer),
                    marks,
                    deliveries.addDelivery())));
            int epoch = batches.lastLeaderEpoch();
            positions.advance(
                    partition, new FetchPosition(batches.nextOffset(), epoch >= 0 ? epoch : position.offsetEpoch()));
            effects.add(new Effect.Reroute(name));
        } else {
            effects.add(new Effect.Deliver(new Delivery.Marks(name, partition.generation(), marks)));
        }
        if (batches.problem() != null) {
            effects.addAll(repair.halt(partition, batches.problem()));
        }
        return effects;
    }

    /** The sound batches of a partition, with a new hold on the answer's lease for their receiver. */
    private static FetchedBatches verified(FetchPosition position, PartitionReport report, FetchAnswer answer) {
        ByteBuffer whole = report.answer().records().duplicate();
        whole.limit(whole.position() + report.batches().validBytes());
        answer.lease().retain();
        return new FetchedBatches(
                position.offset(),
                report.batches().nextOffset(),
                whole,
                report.answer().abortedTransactions(),
                answer.lease());
    }
}
