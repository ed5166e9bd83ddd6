package dev.surefoot.core.fetch;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.position.PartitionFaults;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.time.Backoff;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to fetch next from whom, and turns answers into deliveries. Each broker has one session with at most one
 * request outstanding. A partition is in the session of one broker at most; its fetch position runs ahead of what the
 * application has consumed, as far as the byte budget allows. Owned by the loop's thread.
 */
public final class Fetcher {
    /** How long a session that wants nothing is kept, so that a pause of everything does not cost a new session. */
    private static final long EMPTY_SESSION_GRACE_NANOS = 5_000_000_000L;

    /**
     * @param maxPartitionBytes {@code max.partition.fetch.bytes}
     * @param readReplicaNanos how long a preferred replica is read from before the leader is asked again (KIP-392)
     */
    public record Limits(int maxPartitionBytes, long readReplicaNanos) {}

    /** One broker's session and what of it is under way. */
    private static final class Broker {
        final FetchSession session;
        final AheadWindow ahead;
        int partitions;
        long emptySince;
        long plannedAt;
        int failures;
        long notBefore;

        Broker(FetchSession session, AheadWindow ahead) {
            this.session = session;
            this.ahead = ahead;
        }
    }

    private final Cluster cluster;
    private final Positions positions;
    private final ByteBudget budget;
    private final Limits limits;
    private final FetchSession.Factory sessions;
    private final FetchListener listener;
    private final PositionRepair repair;
    private final PartitionFaults faults;
    private final Backoff backoff;
    private final FetchCounters counters = new FetchCounters();

    /** In the order in which brokers were last asked, the longest ago first, so that none is left out when the budget is short. */
    private final LinkedHashMap<Integer, Broker> brokers = new LinkedHashMap<>();

    /** Partitions that were sent to a preferred replica, among which are all that read from one now. */
    private final Set<TopicPartition> onReplicas = new HashSet<>();

    /** When the first of them may have to go back to its leader. */
    private long replicasExpire = Long.MAX_VALUE;

    public Fetcher(
            Cluster cluster,
            Positions positions,
            PositionRepair repair,
            ByteBudget budget,
            Limits limits,
            FetchSession.Factory sessions,
            Backoff backoff,
            FetchListener listener) {
        this.cluster = cluster;
        this.positions = positions;
        this.repair = repair;
        this.budget = budget;
        this.limits = limits;
        this.sessions = sessions;
        this.backoff = backoff;
        this.listener = listener;
        this.faults = new PartitionFaults(positions, repair, listener);
    }

    /** Brings the partition into the session it belongs to now, and out of any other. */
    public void route(TrackedPartition partition, long nowNanos) {
        TopicPartition name = partition.partition();
        PartitionLeader leader = cluster.leader(name);
        FetchPosition position = partition.fetching();
        int replica = partition.readReplica(nowNanos);
        if (replica < 0) {
            leaveReplica(partition);
        }
        boolean wanted = position != null && !partition.paused() && partition.notBefore() <= nowNanos;
        if (wanted && !leader.isKnown()) {
            listener.metadataWanted();
        }
        if (position == null || !wanted || !leader.isKnown()) {
            unroute(partition, nowNanos);
            return;
        }
        int nodeId = replica >= 0 && cluster.broker(replica) != null ? replica : leader.leaderId();
        if (partition.fetchedFrom() != nodeId) {
            unroute(partition, nowNanos);
            partition.fetchedFrom(nodeId);
            broker(nodeId).partitions++;
        }
        FetchTarget target = new FetchTarget(
                position.offset(), leader.leaderEpoch(), position.offsetEpoch(), limits.maxPartitionBytes());
        broker(nodeId).session.want(name, leader.topicId(), target);
    }

    /** Takes the partition out of whatever session it is in. */
    public void unroute(TrackedPartition partition, long nowNanos) {
        int nodeId = partition.fetchedFrom();
        if (nodeId != TrackedPartition.NOWHERE) {
            partition.fetchedFrom(TrackedPartition.NOWHERE);
            Broker broker = broker(nodeId);
            broker.session.unwant(partition.partition());
            broker.partitions--;
            broker.emptySince = nowNanos;
        }
    }

    /** The partition is assigned no more. */
    public void revoke(TrackedPartition partition, long nowNanos) {
        unroute(partition, nowNanos);
        leaveReplica(partition);
    }

    /** The partition has no preferred replica any more, if it had one. */
    private void leaveReplica(TrackedPartition partition) {
        if (onReplicas.remove(partition.partition())) {
            partition.readFromLeader();
            listener.readReplicaChanged(partition.partition(), -1);
        }
    }

    private Broker broker(int nodeId) {
        return brokers.computeIfAbsent(nodeId, id -> new Broker(sessions.open(id), budget.window()));
    }

    /** The brokers that have something to be asked for and nothing outstanding, the longest waiting first. */
    public List<Integer> due(long nowNanos) {
        List<Integer> due = new ArrayList<>();
        brokers.forEach((nodeId, broker) -> {
            if (!broker.session.outstanding() && dueAt(broker) <= nowNanos) {
                due.add(nodeId);
            }
        });
        return due;
    }

    /** When the next broker will be due that is not yet, or {@link Long#MAX_VALUE}. */
    public long nextDue(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (Broker broker : brokers.values()) {
            long at = broker.session.outstanding() ? Long.MAX_VALUE : dueAt(broker);
            next = Math.min(next, at > nowNanos ? at : Long.MAX_VALUE);
        }
        return next;
    }

    /** When the next partition's time with a replica may be over, or {@link Long#MAX_VALUE}. */
    public long nextReplicaExpiry() {
        return replicasExpire;
    }

    private static long dueAt(Broker broker) {
        if (broker.session.wantsAny()) {
            return Math.max(broker.notBefore, broker.session.notBefore());
        }
        return broker.session.brokerHoldsAny() ? broker.emptySince + EMPTY_SESSION_GRACE_NANOS : Long.MAX_VALUE;
    }

    /**
     * Whether there is so much unread from this broker that its next fetch had better wait.
     *
     * @param applicationWaits whether the application has nothing to read at all
     */
    public boolean isFarAhead(int nodeId, boolean applicationWaits) {
        return broker(nodeId).ahead.isFull(applicationWaits);
    }

    /**
     * How many bytes the next fetch may ask for, or 0 if the application has to consume first.
     *
     * @param heldBytes bytes of receive buffers in use
     * @param capacityNow the most bytes to hold now; the budget has a bound beside it
     */
    public int grant(long heldBytes, long capacityNow) {
        int sharing = 0;
        for (Broker broker : brokers.values()) {
            // A broker that all partitions have left holds its share until it has answered.
            if (broker.partitions > 0 || broker.session.outstanding()) {
                sharing++;
            }
        }
        return budget.grant(heldBytes, capacityNow, Math.max(1, sharing));
    }

    /** What the next request to this broker is to say; changes nothing. */
    public FetchPlan plan(int nodeId, boolean topicIds, boolean fetchSessions, long nowNanos) {
        return broker(nodeId).session.plan(topicIds, fetchSessions, nowNanos);
    }

    /** The wire has taken the plan. */
    public void sent(int nodeId, FetchPlan plan, int granted) {
        Broker broker = broker(nodeId);
        broker.session.sent(plan);
        broker.plannedAt = positions.sequence();
        budget.reserve(nodeId, granted);
        brokers.remove(nodeId);
        brokers.put(nodeId, broker);
    }

    /** Takes over an answer. The caller keeps its hold on the answer's lease; deliveries take their own. */
    public void answered(
            int nodeId, FetchPlan plan, FetchAnswer answer, int requestBytes, int responseBytes, long nowNanos) {
        Broker broker = broker(nodeId);
        budget.release(nodeId);
        broker.ahead.answered(answer.lease());
        broker.failures = 0;
        Verdict verdict = broker.session.answered(plan, answer, nowNanos);
        counters.exchanged(requestBytes, responseBytes);
        counters.judged(plan, verdict, broker.partitions, answer.partitions().size());
        listener.judged(nodeId, verdict);
        if (verdict instanceof Verdict.Accepted accepted) {
            FetchedAnswer deliveries = new FetchedAnswer();
            for (PartitionReport report : accepted.reports()) {
                use(report, answer, deliveries, broker.plannedAt, nowNanos);
            }
        } else if (verdict instanceof Verdict.Refused refused
                && refused.error() != BrokerError.FETCH_SESSION_ID_NOT_FOUND) {
            listener.metadataWanted();
        }
    }

    /**
     * Takes note that the outcome of a request is unknown.
     *
     * @param paced whether the next request to this broker has to wait; a lost connection has a back-off of its own
     */
    public void failed(int nodeId, FetchPlan plan, boolean paced, long nowNanos) {
        counters.failed();
        budget.release(nodeId);
        Broker broker = broker(nodeId);
        broker.session.failed(plan);
        broker.notBefore = paced ? nowNanos + backoff.delayNanos(++broker.failures) : nowNanos;
        unreachable(nodeId, nowNanos);
    }

    /** This broker cannot be reached: partitions that only prefer it go back to their leaders, and an idle session of it is given up. */
    public void unreachable(int nodeId, long nowNanos) {
        listener.metadataWanted();
        for (TrackedPartition partition : onReplicas()) {
            if (partition.readReplica(nowNanos) == nodeId) {
                partition.readFromLeader();
                route(partition, nowNanos);
            }
        }
        Broker broker = broker(nodeId);
        if (broker.partitions == 0 && !broker.session.outstanding()) {
            brokers.remove(nodeId);
        }
    }

    /** Gives partitions whose time with a replica is over back to their leaders, which say where to go from there (KIP-392). */
    public void expireReplicas(long nowNanos) {
        if (nowNanos < replicasExpire) {
            return;
        }
        replicasExpire = Long.MAX_VALUE;
        for (TrackedPartition partition : onReplicas()) {
            if (partition.readReplicaUntil() <= nowNanos) {
                partition.readFromLeader();
                route(partition, nowNanos);
            } else {
                replicasExpire = Math.min(replicasExpire, partition.readReplicaUntil());
            }
        }
    }

    private List<TrackedPartition> onReplicas() {
        if (onReplicas.isEmpty()) {
            return List.of();
        }
        return onReplicas.stream().map(positions::get).filter(Objects::nonNull).toList();
    }

    private void use(
            PartitionReport report, FetchAnswer answer, FetchedAnswer deliveries, long plannedAt, long nowNanos) {
        TrackedPartition partition = positions.get(report.partition());
        FetchPosition position = partition == null ? null : partition.fetching();
        if (partition == null
                || position == null
                || !partition.validSince(plannedAt)
                || position.offset() != report.target().fetchOffset()) {
            return;
        }
        PartitionAnswer said = report.answer();
        if (learnLeader(report, answer)) {
            partition.readFromLeader();
            listener.leaderLearned(partition);
        } else if (said.error() != BrokerError.NONE) {
            faults.inFetch(partition, position, said.error(), said.errorCode(), nowNanos);
        } else if (said.divergingEpoch() != null) {
            repair.truncated(
                    partition,
                    position,
                    said.divergingEpoch().leaderEpoch(),
                    said.divergingEpoch().endOffset());
        } else if (said.preferredReadReplica() >= 0) {
            preferReplica(partition, said.preferredReadReplica(), nowNanos);
        } else {
            served(partition, position, report, answer, deliveries);
        }
    }

    private boolean learnLeader(PartitionReport report, FetchAnswer answer) {
        PartitionAnswer.@Nullable LeaderHint hint = report.answer().currentLeader();
        return hint != null
                && hint.leaderId() >= 0
                && cluster.update(report.partition(), hint.leaderId(), hint.leaderEpoch(), answer.nodeEndpoints());
    }

    private void preferReplica(TrackedPartition partition, int replica, long nowNanos) {
        boolean leader = replica == cluster.leader(partition.partition()).leaderId();
        if (leader || cluster.broker(replica) == null) {
            listener.metadataWanted();
            positions.rest(partition, nowNanos);
        } else {
            partition.readFrom(replica, nowNanos + limits.readReplicaNanos());
            onReplicas.add(partition.partition());
            listener.readReplicaChanged(partition.partition(), replica);
            replicasExpire = Math.min(replicasExpire, partition.readReplicaUntil());
        }
        listener.reroute(partition);
    }

    private void served(
            TrackedPartition partition,
            FetchPosition position,
            PartitionReport report,
            FetchAnswer answer,
            FetchedAnswer deliveries) {
        PartitionAnswer said = report.answer();
        Watermarks marks = new Watermarks(said.highWatermark(), said.lastStableOffset(), said.logStartOffset());
        partition.settled();
        repair.served(partition);
        if (report.batches().nextOffset() > position.offset()) {
            ByteBuffer whole = said.records().duplicate();
            whole.limit(whole.position() + report.batches().validBytes());
            answer.lease().retain();
            listener.deliver(new Delivery.Records(
                    partition.partition(),
                    partition.generation(),
                    position.offset(),
                    report.batches().nextOffset(),
                    whole,
                    said.abortedTransactions(),
                    marks,
                    answer.lease(),
                    deliveries.addDelivery()));
            int epoch = report.batches().lastLeaderEpoch();
            positions.advance(
                    partition,
                    new FetchPosition(report.batches().nextOffset(), epoch >= 0 ? epoch : position.offsetEpoch()));
            listener.reroute(partition);
        } else {
            listener.deliver(new Delivery.Marks(partition.partition(), partition.generation(), marks));
        }
        if (report.batches().problem() != null) {
            repair.halt(partition, report.batches().problem());
        }
    }

    /** Closes every session; returns what is to be sent to which broker, as far as it can be. */
    public Map<Integer, FetchPlan> close() {
        Map<Integer, FetchPlan> closing = new HashMap<>();
        brokers.forEach((nodeId, broker) -> {
            FetchPlan plan = broker.session.close();
            if (plan != null) {
                closing.put(nodeId, plan);
            }
        });
        return closing;
    }

    public FetchTally tally() {
        return counters.tally();
    }
}
