package dev.surefoot.core.fetch;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.fetch.PartitionRoute.Cause;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.FetchTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides to which broker's session each partition belongs: its leader's, that of a preferred replica (KIP-392), or
 * none. A partition is in the session of at most one broker. Owned by the loop's thread.
 */
final class PartitionRouting {
    private final Cluster cluster;
    private final FetchedBrokers brokers;
    private final ReadReplicas replicas;
    private final int maxPartitionBytes;

    /** The broker in whose session each partition is; a partition that is missing is in none. */
    private final Map<TopicPartition, Integer> fetchedFrom = new HashMap<>();

    /** @param maxPartitionBytes {@code max.partition.fetch.bytes} */
    PartitionRouting(Cluster cluster, FetchedBrokers brokers, ReadReplicas replicas, int maxPartitionBytes) {
        this.cluster = cluster;
        this.brokers = brokers;
        this.replicas = replicas;
        this.maxPartitionBytes = maxPartitionBytes;
    }

    /** The broker that the partition belongs to by what is known now, or why it is not fetched. */
    PartitionRoute routeOf(TrackedPartition partition, long nowNanos) {
        PartitionLeader leader = cluster.leader(partition.partition());
        return routeOf(partition, leader, replicas.nodeId(partition.partition(), nowNanos), nowNanos);
    }

    private PartitionRoute routeOf(TrackedPartition partition, PartitionLeader leader, int replica, long nowNanos) {
        if (partition.isHeld(Hold.REVOKED)) {
            return PartitionRoute.notFetched(Cause.REVOKED);
        }
        if (partition.isHeld(Hold.NOT_TAKEN)) {
            return PartitionRoute.notFetched(Cause.NOT_TAKEN);
        }
        return switch (partition.state().kind()) {
            case UNPLACED -> PartitionRoute.notFetched(Cause.UNPLACED);
            case RESETTING -> PartitionRoute.notFetched(Cause.RESETTING);
            case VALIDATING -> PartitionRoute.notFetched(Cause.VALIDATING);
            case HALTED -> PartitionRoute.notFetched(Cause.HALTED);
            case FETCHING -> routeOfPositioned(partition, leader, replica, nowNanos);
        };
    }

    private PartitionRoute routeOfPositioned(
            TrackedPartition partition, PartitionLeader leader, int replica, long nowNanos) {
        if (partition.paused()) {
            return PartitionRoute.notFetched(Cause.PAUSED);
        }
        if (partition.retryAtNanos() > nowNanos) {
            return PartitionRoute.backingOff(partition.retryAtNanos());
        }
        if (!leader.isKnown()) {
            return PartitionRoute.notFetched(Cause.NO_LEADER);
        }
        boolean replicaKnown = replica != PartitionRoute.NOWHERE && cluster.broker(replica) != null;
        return PartitionRoute.fetchedFrom(replicaKnown ? replica : leader.leaderId());
    }

    /** Moves the partition into the session that it belongs to now, or out of any. */
    List<Effect> route(TrackedPartition partition, long nowNanos) {
        TopicPartition name = partition.partition();
        PartitionLeader leader = cluster.leader(name);
        int replica = replicas.nodeId(name, nowNanos);
        List<Effect> effects = replica == PartitionRoute.NOWHERE ? leaveReplica(name) : List.of();
        PartitionRoute route = routeOf(partition, leader, replica, nowNanos);
        if (route.isFetched()) {
            fetchFrom(route.nodeId(), partition, leader, nowNanos);
        } else {
            unroute(name, nowNanos);
        }
        if (route.cause() != Cause.NO_LEADER) {
            return effects;
        }
        List<Effect> withRefresh = new ArrayList<>(effects);
        withRefresh.add(new Effect.RefreshMetadata());
        return withRefresh;
    }

    private void fetchFrom(int nodeId, TrackedPartition partition, PartitionLeader leader, long nowNanos) {
        TopicPartition name = partition.partition();
        FetchedBroker broker = brokers.open(nodeId);
        if (!Objects.equals(fetchedFrom.get(name), nodeId)) {
            unroute(name, nowNanos);
            fetchedFrom.put(name, nodeId);
            broker.addPartition();
        }
        FetchPosition position = Objects.requireNonNull(partition.fetching(), "routed to a broker without a position");
        FetchTarget target =
                new FetchTarget(position.offset(), leader.leaderEpoch(), position.offsetEpoch(), maxPartitionBytes);
        broker.session().want(name, leader.topicId(), target);
        if (partition.heldBackPosition() != null) {
            // The application waits until the broker serves this topic, which a session does not do twice by itself.
            broker.session().reannounce(name);
        }
    }

    /** The partitions that are in the session of this broker. */
    List<TopicPartition> fetchedFrom(int nodeId) {
        List<TopicPartition> names = new ArrayList<>();
        fetchedFrom.forEach((name, id) -> {
            if (id == nodeId) {
                names.add(name);
            }
        });
        return names;
    }

    /** Removes the partition from its session, if it is in one. */
    private void unroute(TopicPartition name, long nowNanos) {
        Integer nodeId = fetchedFrom.remove(name);
        if (nodeId != null) {
            brokers.open(nodeId).removePartition(name, nowNanos);
        }
    }

    /** Removes a revoked partition from its session. */
    List<Effect> revoke(TrackedPartition partition, long nowNanos) {
        unroute(partition.partition(), nowNanos);
        replicas.forgetFailed(partition.partition());
        return leaveReplica(partition.partition());
    }

    /** Removes the partition's preferred replica, if it had one, and reports that. */
    private List<Effect> leaveReplica(TopicPartition name) {
        return replicas.remove(name) ? List.of(new Effect.ReadReplicaChanged(name, PartitionRoute.NOWHERE)) : List.of();
    }
}
