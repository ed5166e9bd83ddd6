package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Applies the effects that positions and fetching return, in their order. The effects that follow from an effect are
 * applied before the next one. Owned by the loop's thread.
 */
final class Effects {
    private final Cluster cluster;
    private final Positions positions;
    private final PositionRepair repair;
    private final Fetcher fetcher;
    private final MetadataRefresh refresh;
    private final Obstacles obstacles;
    private final KnownBrokers brokers;
    private final Consumer<EngineEvent> events;

    Effects(
            Cluster cluster,
            Positions positions,
            PositionRepair repair,
            Fetcher fetcher,
            MetadataRefresh refresh,
            Obstacles obstacles,
            KnownBrokers brokers,
            Consumer<EngineEvent> events) {
        this.cluster = cluster;
        this.positions = positions;
        this.repair = repair;
        this.fetcher = fetcher;
        this.refresh = refresh;
        this.obstacles = obstacles;
        this.brokers = brokers;
        this.events = events;
    }

    /** Applies the effects, each exactly once. */
    void apply(List<Effect> effects, long nowNanos) {
        if (!effects.isEmpty()) {
            Application application = new Application(nowNanos);
            effects.forEach(effect -> effect.accept(application));
        }
    }

    /** Routes a partition whose position, pause or back-off has changed. */
    void route(TrackedPartition partition, long nowNanos) {
        apply(fetcher.route(partition, nowNanos), nowNanos);
    }

    /** Handles partitions whose leader, leader epoch or topic id has changed. */
    void leadersChanged(Collection<TopicPartition> changed, long nowNanos) {
        for (TopicPartition name : changed) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                leaderChanged(partition, nowNanos);
            }
        }
    }

    private void leaderChanged(TrackedPartition partition, long nowNanos) {
        PartitionLeader leader = cluster.leader(partition.partition());
        if (partition.isRecreatedAs(leader.topicId())) {
            apply(repair.recreated(partition), nowNanos);
        } else {
            positions.leaderChanged(partition, leader.topicId(), leader.leaderEpoch());
            route(partition, nowNanos);
        }
    }

    private final class Application implements Effect.Visitor {
        private final long nowNanos;

        Application(long nowNanos) {
            this.nowNanos = nowNanos;
        }

        @Override
        public void deliver(Delivery delivery) {
            events.accept(new EngineEvent.Delivered(delivery));
        }

        @Override
        public void refreshMetadata() {
            refresh.request();
        }

        @Override
        public void reroute(TopicPartition name) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                route(partition, nowNanos);
            }
        }

        @Override
        public void readFromLeader(TopicPartition name) {
            fetcher.readFromLeader(name);
        }

        @Override
        public void leaderLearned(TopicPartition name) {
            brokers.announce();
            leadersChanged(List.of(name), nowNanos);
        }

        @Override
        public void readReplicaChanged(TopicPartition name, int nodeId) {
            events.accept(new EngineEvent.ReadReplicaChanged(name, nodeId));
        }

        @Override
        public void lookupFailed(TopicPartition name, KafkaException cause) {
            obstacles.positionFailed(name, cause);
        }

        @Override
        public void fetchFailed(TopicPartition name, KafkaException cause, int failures) {
            events.accept(new EngineEvent.FetchFailed(name, cause, failures));
        }

        @Override
        public void faultLasts(TopicPartition name, PartitionFault fault, KafkaException cause) {
            events.accept(new EngineEvent.FaultLasts(name, fault, cause));
        }

        @Override
        public void positionLost(TopicPartition name, String what) {
            events.accept(new EngineEvent.PositionLost(name, what));
        }
    }
}
