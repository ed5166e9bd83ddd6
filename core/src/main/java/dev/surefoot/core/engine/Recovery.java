package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.fetch.PartitionRoute;
import dev.surefoot.core.guard.Guard;
import dev.surefoot.core.guard.Wish;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Carries out what the guard wishes for, in the turn after its round. Owned by the loop's thread. */
final class Recovery {
    private enum Due implements Deadlines.Name {
        /** The guard has wishes. */
        WISHES,
        /** The guard has questions to leaders. */
        QUESTIONS
    }

    private final Guard guard;
    private final Fetcher fetcher;
    private final Cluster cluster;
    private final Positions positions;
    private final MetadataRefresh refresh;
    private final Effects effects;
    private final VerificationExchange verification;
    private final Consumer<EngineEvent> events;
    /** Brokers whose connections for fetches have to be made anew. */
    private final Set<Integer> toReconnect = new LinkedHashSet<>();

    Recovery(
            EngineSettings settings,
            Guard guard,
            Fetcher fetcher,
            Cluster cluster,
            Positions positions,
            MetadataRefresh refresh,
            Effects effects,
            Consumer<EngineEvent> events) {
        this.guard = guard;
        this.fetcher = fetcher;
        this.cluster = cluster;
        this.positions = positions;
        this.refresh = refresh;
        this.effects = effects;
        this.verification =
                new VerificationExchange(cluster, positions, guard, settings.readCommitted(), settings.timeouts());
        this.events = events;
    }

    /** What asks leaders for the ends of logs. */
    Requester verification() {
        return verification;
    }

    /** Has the partition fetched over another connection than it was. The sessions of one broker share a connection. */
    void reconnect(TopicPartition name, long nowNanos) {
        PartitionRoute route = fetcher.routeOf(name, nowNanos);
        if (route.isFetched()) {
            toReconnect.add(route.nodeId());
        }
    }

    /** Carries out the wishes of the last round. */
    void carryOut(BrokerLink link, long nowNanos) {
        toReconnect.forEach(nodeId -> link.reconnect(nodeId, Purpose.FETCH, nowNanos));
        toReconnect.clear();
        for (Wish wish : guard.ladders().takeWishes()) {
            carryOut(wish, link, nowNanos);
        }
    }

    /** Carries out one wish. */
    void carryOut(Wish wish, BrokerLink link, long nowNanos) {
        int nodeId = wish.nodeId();
        switch (wish.kind()) {
            case VERIFY -> verification.ask(wish.partitions());
            case REANNOUNCE -> fetcher.levers().reannounce(nodeId, wish.partitions());
            case REOPEN -> fetcher.levers().reopen(nodeId);
            case REPLACE, USE_SESSIONS -> effects.apply(fetcher.levers().replace(nodeId), nowNanos);
            case LEAVE_SESSIONS -> effects.apply(fetcher.levers().doWithoutSession(nodeId), nowNanos);
            case REFRESH -> refresh(wish.partitions(), nowNanos);
            case RECONNECT -> link.reconnect(nodeId, Purpose.FETCH, nowNanos);
            case RESET -> wish.partitions().forEach(name -> readAgain(name));
        }
    }

    private void readAgain(TopicPartition name) {
        TrackedPartition partition = positions.get(name);
        if (partition != null) {
            events.accept(new EngineEvent.ReadAgain(name, partition.generation()));
        }
    }

    private void refresh(List<TopicPartition> names, long nowNanos) {
        refresh.request();
        for (TopicPartition name : names) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                PartitionLeader leader = cluster.leader(name);
                fetcher.stayAtLeader(name, leader.leaderId(), nowNanos);
                positions.validateAgain(partition, leader.leaderEpoch());
                effects.route(partition, nowNanos);
            }
        }
    }

    /** Has the next turn made at once if there are wishes. */
    void enterDeadlines(Deadlines deadlines, long nowNanos) {
        if (guard.ladders().hasWishes()) {
            deadlines.enter(Due.WISHES, nowNanos);
        }
        if (guard.questions().hasNew()) {
            deadlines.enter(Due.QUESTIONS, nowNanos);
        }
    }
}
