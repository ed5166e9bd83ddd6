package dev.surefoot.core.fetch;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to fetch next from which broker, and turns answers into deliveries. Each broker has one session with at
 * most one request outstanding. A partition is in the session of at most one broker. Its fetch position runs ahead of
 * the consumed position as far as the byte budget allows. Owned by the loop's thread.
 *
 * <p>One exchange with a broker that is {@link #due}: {@link #updateWindow}, {@link #grant}, {@link #plan}; then {@link
 * #sent} if the transport took the request, and after that exactly one of {@link #answered} and {@link #failed}.
 */
public final class Fetcher {
    /**
     * @param maxPartitionBytes {@code max.partition.fetch.bytes}
     * @param readReplicaNanos nanoseconds for which a preferred replica is read from before the leader is asked again
     *     (KIP-392)
     */
    public record Limits(int maxPartitionBytes, long readReplicaNanos) {}

    private final Positions positions;
    private final Limits limits;
    private final ByteBudget budget;
    private final Backoff backoff;
    private final FetchedBrokers brokers;
    private final ReadReplicas replicas = new ReadReplicas();
    private final PartitionRouting routing;
    private final PartitionAnswers partitionAnswers;
    private final SessionLevers levers;
    private FetchTally tally = FetchTally.NOTHING;

    public Fetcher(
            Cluster cluster,
            Positions positions,
            PositionRepair repair,
            ByteBudget budget,
            Limits limits,
            FetchSession.Factory sessions,
            Backoff backoff) {
        this.positions = positions;
        this.limits = limits;
        this.budget = budget;
        this.backoff = backoff;
        this.brokers = new FetchedBrokers(sessions, budget);
        this.routing = new PartitionRouting(cluster, brokers, replicas, limits.maxPartitionBytes());
        this.levers = new SessionLevers(brokers, routing, backoff);
        this.partitionAnswers = new PartitionAnswers(cluster, positions, repair, replicas, limits.readReplicaNanos());
    }

    // Which partition is in which session.

    /** The broker that the partition belongs to by what is known now, or why it is not fetched. Changes nothing. */
    public PartitionRoute routeOf(TopicPartition partition, long nowNanos) {
        TrackedPartition tracked = positions.get(partition);
        return tracked == null
                ? PartitionRoute.notFetched(PartitionRoute.Cause.NOT_ASSIGNED)
                : routing.routeOf(tracked, nowNanos);
    }

    /** Moves the partition into the session that it belongs to now, or out of any. */
    public List<Effect> route(TrackedPartition partition, long nowNanos) {
        return routing.route(partition, nowNanos);
    }

    /** Removes a revoked partition from its session. */
    public List<Effect> revoke(TrackedPartition partition, long nowNanos) {
        return routing.revoke(partition, nowNanos);
    }

    /**
     * Ends the partition's preference for a replica, if it has one (KIP-392). The caller must {@link #route} it then.
     */
    public void readFromLeader(TopicPartition partition) {
        replicas.readFromLeader(partition);
    }

    /**
     * As {@link #readFromLeader}, and has the leader name no replica for as long as one would be read from. As a
     * request names one rack, this holds for all partitions of that leader.
     */
    public void stayAtLeader(TopicPartition partition, int leaderId, long nowNanos) {
        replicas.readFromLeader(partition);
        replicas.stayAtLeader(leaderId, nowNanos + limits.readReplicaNanos());
    }

    /**
     * The replica that the leader has sent the partition to (KIP-392), and that has failed after {@code sinceNanos}, in
     * nanoseconds of the loop's clock; {@link PartitionRoute#NOWHERE} if none has.
     */
    public int replicaFailedSince(TopicPartition partition, long sinceNanos) {
        return replicas.failedSince(partition, sinceNanos);
    }

    /** Whether the next fetch from this broker is to name no rack, so that it names no replica. */
    public boolean staysAtLeader(int nodeId, long nowNanos) {
        return replicas.staysAtLeader(nodeId, nowNanos);
    }

    /**
     * Moves partitions whose time with a replica has expired back to their leaders, which may name a replica again
     * (KIP-392).
     */
    public List<Effect> expireReplicas(long nowNanos) {
        return routeAll(replicas.expire(nowNanos), nowNanos);
    }

    private List<Effect> routeAll(List<TopicPartition> names, long nowNanos) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<Effect> effects = new ArrayList<>();
        for (TopicPartition name : names) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                effects.addAll(route(partition, nowNanos));
            }
        }
        return effects;
    }

    // Exchanges.

    /** The node ids of the brokers whose next request is due, those with the earliest last request first. */
    public List<Integer> due(long nowNanos) {
        return brokers.due(nowNanos);
    }

    /** The earliest time after {@code nowNanos} at which a broker is due, in nanoseconds, or {@link Long#MAX_VALUE}. */
    public long nextDue(long nowNanos) {
        return brokers.nextDueNanos(nowNanos);
    }

    /**
     * The earliest time at which a partition's time with a replica may expire, in nanoseconds, or {@link
     * Long#MAX_VALUE}.
     */
    public long nextReplicaExpiry() {
        return replicas.nextExpiryNanos();
    }

    /**
     * Decides whether the next fetch from this broker has to wait because enough of its answers are unread.
     *
     * @param applicationWaits whether the application has nothing to read at all
     */
    public void updateWindow(int nodeId, boolean applicationWaits) {
        brokers.get(nodeId).ahead().update(applicationWaits);
    }

    /**
     * How many bytes the next fetch from this broker may ask for, or why it has to wait.
     *
     * @param heldBytes bytes of receive buffers in use
     * @param capacityNow the most bytes to hold now; the budget's capacity bounds it
     */
    public FetchGrant grant(int nodeId, long heldBytes, long capacityNow) {
        FetchedBroker broker = brokers.get(nodeId);
        if (broker.ahead().isFull()) {
            return FetchGrant.FAR_AHEAD;
        }
        FetchGrant grant = budget.grant(heldBytes, capacityNow, brokers.sharing());
        return grant.kind() == FetchGrant.Kind.GRANTED
                ? FetchGrant.of(broker.allowance().of(grant.bytes()))
                : grant;
    }

    /** Returns the plan of the next request to this broker. Changes nothing. */
    public FetchPlan plan(int nodeId, boolean topicIds, boolean fetchSessions, long nowNanos) {
        return brokers.get(nodeId).session().plan(topicIds, fetchSessions, nowNanos);
    }

    /** Marks the plan outstanding and reserves the granted bytes, after the transport has taken the request. */
    public void sent(int nodeId, FetchPlan plan, int granted) {
        brokers.get(nodeId).sent(plan, positions.sequence());
        budget.reserve(nodeId, granted);
        brokers.moveLast(nodeId);
    }

    /**
     * Ends the outstanding request with an answer. The caller keeps its hold on the answer's lease; each delivery adds
     * its own.
     *
     * @param requestBytes the bytes of the request on the wire
     * @param responseBytes the bytes of the response on the wire
     */
    public AnsweredFetch answered(
            int nodeId, FetchPlan plan, FetchAnswer answer, int requestBytes, int responseBytes, long nowNanos) {
        FetchedBroker broker = brokers.open(nodeId);
        budget.release(nodeId);
        broker.ahead().answered(answer.lease());
        Verdict verdict = broker.answered(plan, answer, nowNanos);
        long savedBytes = FetchTally.savedBytes(
                plan, verdict, broker.partitions(), answer.partitions().size());
        tally = tally.plusAnswered(plan, verdict, new FetchTally.Traffic(requestBytes, responseBytes, savedBytes));
        List<Effect> effects =
                switch (verdict.kind()) {
                    case ACCEPTED ->
                        partitionAnswers.use(nodeId, verdict.reports(), answer, broker.sentAtSequence(), nowNanos);
                    case REFUSED -> refused(verdict.error());
                    case SESSION_MISMATCH, IGNORED -> List.of();
                };
        List<Effect> replaced = levers.replaceIfDue(nodeId);
        return new AnsweredFetch(verdict, replaced.isEmpty() ? effects : both(effects, replaced));
    }

    /**
     * Notes how long an answer has taken, which bounds the next one. Called before {@link #answered}.
     *
     * @param responseBytes the bytes of the response on the wire
     * @param tookNanos the nanoseconds from the request to the answer
     * @param timeoutNanos the nanoseconds that it may have taken
     */
    public void arrivedInTime(int nodeId, int responseBytes, long tookNanos, long timeoutNanos) {
        brokers.open(nodeId).allowance().answered(responseBytes, tookNanos, timeoutNanos);
    }

    /**
     * Notes that an answer has not arrived in time. The next fetch asks for less if a part of it has. Called before
     * {@link #failed}.
     *
     * @param askedBytes what the fetch asked for
     * @param arrivedBytes how much of the answer has arrived
     * @return the bound of the next fetch
     */
    public LinkAllowance timedOut(int nodeId, int askedBytes, long arrivedBytes) {
        LinkAllowance allowance = brokers.open(nodeId).allowance();
        allowance.timedOut(askedBytes, arrivedBytes);
        return allowance;
    }

    private static List<Effect> both(List<Effect> first, List<Effect> second) {
        List<Effect> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static List<Effect> refused(@Nullable BrokerError error) {
        // A broker may evict a session at any time, which does not mean that metadata is outdated.
        return error == BrokerError.FETCH_SESSION_ID_NOT_FOUND ? List.of() : List.of(new Effect.RefreshMetadata());
    }

    /**
     * Ends the outstanding request without a known outcome.
     *
     * @param withBackOff whether the next request to this broker has to back off; false for a lost connection, which
     *     has its own back-off
     */
    public List<Effect> failed(int nodeId, FetchPlan plan, boolean withBackOff, long nowNanos) {
        tally = tally.plusFailed();
        budget.release(nodeId);
        FetchedBroker broker = brokers.open(nodeId);
        if (withBackOff) {
            broker.failedWithBackOff(plan, backoff, nowNanos);
        } else {
            broker.failed(plan, nowNanos);
        }
        return both(levers.replaceIfDue(nodeId), unreachable(nodeId, nowNanos));
    }

    /**
     * Handles a broker that cannot be reached. Partitions that only prefer it move back to their leaders, and its
     * session is dropped if idle.
     */
    public List<Effect> unreachable(int nodeId, long nowNanos) {
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.RefreshMetadata());
        effects.addAll(routeAll(replicas.abandon(nodeId, nowNanos), nowNanos));
        brokers.removeIfIdle(nodeId);
        return effects;
    }

    /** Closes every session; returns the plans of the closing requests by node id. */
    public Map<Integer, FetchPlan> close() {
        return brokers.close();
    }

    /** The means to mend a session that has gone wrong. */
    public SessionLevers levers() {
        return levers;
    }

    /** The counts of all fetches so far. */
    public FetchTally tally() {
        return tally;
    }
}
