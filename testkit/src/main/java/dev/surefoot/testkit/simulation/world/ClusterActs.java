package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.ModelBroker;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import dev.surefoot.testkit.simulation.model.ModelTopic;
import dev.surefoot.testkit.simulation.model.SessionCache;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.common.TopicIdPartition;

/** Performs the acts at brokers: those of operators, failures and bugs. */
final class ClusterActs {
    private static final long MICRO = 1_000L;
    private static final int THROTTLE_MS = 200;
    private static final int SLOTS = 8;
    private static final List<BrokerError> PARTITION_ERRORS = List.of(
            BrokerError.UNKNOWN_SERVER_ERROR,
            BrokerError.NOT_LEADER_OR_FOLLOWER,
            BrokerError.KAFKA_STORAGE_ERROR,
            BrokerError.OFFSET_NOT_AVAILABLE,
            BrokerError.UNKNOWN_TOPIC_OR_PARTITION,
            BrokerError.INCONSISTENT_TOPIC_ID);

    private final VirtualTime time;
    private final ModelCluster cluster;
    private final BrokerSide brokers;
    private final IntConsumer crashed;
    private final WireFaults faults;
    private final LogActs logs;
    private final LogChanges changes;
    private final Partitions partitions;
    /** Sessions that were changed without their client, so that client and broker need not agree. */
    private final Set<BrokerSession> tamperedWith = new HashSet<>();

    /** @param crashed receives the id of a broker that goes down */
    ClusterActs(
            VirtualTime time,
            ModelCluster cluster,
            BrokerSide brokers,
            IntConsumer crashed,
            WireFaults faults,
            LogActs logs,
            LogChanges changes,
            Partitions partitions) {
        this.time = time;
        this.cluster = cluster;
        this.brokers = brokers;
        this.crashed = crashed;
        this.faults = faults;
        this.logs = logs;
        this.changes = changes;
        this.partitions = partitions;
    }

    boolean isTamperedWith(BrokerSession session) {
        return tamperedWith.contains(session);
    }

    /** Performs the event; returns whether it had an effect. */
    boolean perform(Event event) {
        ModelBroker broker = cluster.broker(event.broker());
        long nanos = event.amount() * MICRO;
        switch (event.act()) {
            case BROKER_CRASH -> {
                return crash(broker, nanos);
            }
            case SESSION_EVICTED -> {
                return eachSession(broker, session -> broker.sessions().remove(session.id()));
            }
            case SESSION_ADVANCED -> {
                return eachSession(broker, session -> {
                    broker.advance(session);
                    tamperedWith.add(session);
                });
            }
            case NO_SESSION_SLOT -> {
                broker.sessions().slots(0);
                later(nanos, () -> broker.sessions().slots(SLOTS));
            }
            case THROTTLED -> broker.throttleNext(THROTTLE_MS);
            case THROTTLED_WITHOUT_SESSION -> {
                broker.throttleNext(THROTTLE_MS);
                faults.arm(new WireFaults.Armed(event.act(), event.broker(), event.partition(), 0));
                return false;
            }
            case METADATA_STALE -> {
                broker.fallBehind(true);
                later(nanos, () -> broker.fallBehind(false));
            }
            case METADATA_WITHOUT_IDS -> {
                cluster.idsInMetadata(false);
                later(nanos, () -> cluster.idsInMetadata(true));
            }
            default -> {
                ModelPartition partition = partitions.get(event.partition());
                return partition != null && perform(event, partition);
            }
        }
        return true;
    }

    private boolean perform(Event event, ModelPartition partition) {
        switch (event.act()) {
            case LEADER_MOVED -> {
                return partition.leader() != event.broker() && cluster.electLeader(partition, event.broker());
            }
            case LEADER_UNCLEAN -> {
                return electUnclean(partition, event);
            }
            case REPLICAS_MOVED -> {
                return cluster.moveReplicas(partition, event.broker());
            }
            case REPLICA_PREFERRED -> {
                if (!partition.replicas().contains(event.broker())
                        || !cluster.broker(event.broker()).isUp()) {
                    return false;
                }
                partition.preferReplica(event.broker());
            }
            case REPLICA_NOT_PREFERRED -> partition.preferReplica(ModelPartition.NOBODY);
            case FOLLOWERS_LAG -> partition.followersLag(event.amount());
            case TOPIC_RECREATED -> recreate(partition.name().topic());
            case PARTITION_ADDED -> {
                partitions.add(partition.name().topic());
                changes.partitionAdded(partition.name().topic());
                logs.fill(partitions.last(), 1);
            }
            case PARTITION_FAILS -> {
                partition.fail(PARTITION_ERRORS.get((int) (event.amount() % PARTITION_ERRORS.size())));
                later(event.amount() * MICRO, () -> partition.fail(BrokerError.NONE));
            }
            case SESSION_LOSES_PARTITION -> {
                return lose(cluster.broker(event.broker()), partition);
            }
            default -> throw new IllegalArgumentException("nothing that happens at brokers: " + event.act());
        }
        return true;
    }

    private void later(long nanos, Runnable what) {
        time.at(time.nanos() + nanos, () -> {
            what.run();
            brokers.lookAgain();
        });
    }

    private boolean crash(ModelBroker broker, long nanos) {
        if (!broker.isUp()) {
            return false;
        }
        cluster.crash(broker.id());
        brokers.forget(broker.id());
        crashed.accept(broker.id());
        later(nanos, () -> cluster.restart(broker.id()));
        return true;
    }

    private static boolean eachSession(ModelBroker broker, Consumer<BrokerSession> what) {
        List<BrokerSession> sessions = new ArrayList<>(broker.sessions().all());
        sessions.forEach(what);
        return !sessions.isEmpty();
    }

    private boolean electUnclean(ModelPartition partition, Event event) {
        if (!partition.replicas().contains(event.broker())
                || !cluster.broker(event.broker()).isUp()) {
            return false;
        }
        long before = partition.log().endOffset();
        long end = logs.truncate(partition, Math.max(partition.log().startOffset(), before - event.amount()));
        cluster.electLeader(partition, event.broker());
        if (end < before) {
            changes.truncated(partition, end);
        }
        return true;
    }

    private void recreate(String name) {
        ModelTopic before = cluster.topic(name);
        int count = before == null ? 1 : before.partitions().size();
        cluster.delete(name);
        ModelTopic created = cluster.create(name, count);
        changes.recreated(name);
        created.partitions().forEach(partition -> logs.fill(partition, 2));
    }

    private boolean lose(ModelBroker broker, ModelPartition partition) {
        for (BrokerSession session : broker.sessions().all()) {
            for (TopicIdPartition key : session.held().keySet()) {
                if (key.topicPartition().equals(partition.name())) {
                    broker.lose(session, key);
                    tamperedWith.add(session);
                    return true;
                }
            }
        }
        return false;
    }

    /** Ends all faults at brokers. */
    void heal() {
        cluster.idsInMetadata(true);
        for (ModelBroker broker : cluster.brokers()) {
            if (!broker.isUp()) {
                cluster.restart(broker.id());
            }
            broker.fallBehind(false);
            broker.throttleNext(0);
            broker.sessions().slots(SLOTS);
        }
        for (ModelPartition partition : partitions.all()) {
            partition.fail(BrokerError.NONE);
            partition.preferReplica(ModelPartition.NOBODY);
            partition.followersLag(0);
        }
        brokers.lookAgain();
    }

    static SessionCache.Ids ids(boolean sequential) {
        return sequential ? SessionCache.Ids.SEQUENTIAL : SessionCache.Ids.RANDOM;
    }

    static int slots() {
        return SLOTS;
    }

    /** Returns whether this class performs the act. */
    static boolean performs(Act act) {
        boolean waitsForAnAnswer = act == Act.FETCH_REFUSED;
        return (act.kind() == Act.Kind.CLUSTER && !waitsForAnAnswer) || act == Act.SESSION_LOSES_PARTITION;
    }
}
