package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.testkit.simulation.check.DeliveryOracle;
import dev.surefoot.testkit.simulation.check.Ledger;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.ActCounts;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Everything outside the client: time, the cluster, the wire, and their faults. Used by the simulation's thread. */
public final class World {
    private static final long MICRO = 1_000L;

    private final VirtualTime time = new VirtualTime();
    private final ActCounts counts = new ActCounts();
    private final Ledger ledger = new Ledger();
    private final Story story;
    private final ModelCluster cluster;
    private final Partitions partitions;
    private final DeliveryOracle deliveries;
    private final Troubles troubles = new Troubles(time);
    private final WireFaults faults = new WireFaults(counts, troubles);
    private final BrokerSide brokers;
    private final Wire wire;
    private final LogActs logs;
    private final ClusterActs acts;
    private int toCome;

    /**
     * @param schedule the events to perform
     * @param told whether the story of the run is requested
     */
    public World(Schedule schedule, boolean told) {
        Shape shape = schedule.shape();
        story = new Story(time, told);
        cluster = new ModelCluster(
                shape.brokers(),
                ClusterActs.ids(shape.sequentialSessionIds()),
                ClusterActs.slots(),
                shape.firstSessionEpoch(),
                new SplittableRandom(schedule.seed()));
        partitions = new Partitions(cluster, shape);
        deliveries = new DeliveryOracle(cluster, ledger, shape.readCommitted(), shape.reset() == Shape.Reset.LATEST);
        brokers = new BrokerSide(time, cluster, new Tampering(cluster, faults), shape.readCommitted());
        wire = new Wire(time, brokers, faults, story, shape);
        logs = new LogActs(time, cluster, ledger, shape.recordsPerBatch(), brokers::lookAgain);
        acts = new ClusterActs(time, cluster, brokers, wire::cut, faults, logs, new Changes(), partitions);
        cluster.brokers().forEach(broker -> broker.nameNewLeaders(shape.namesNewLeaders()));
        partitions.all().forEach(partition -> logs.fill(partition, shape.batches()));
        brokers.lookAgain();
        for (Event event : schedule.events()) {
            if (event.act().kind() != Act.Kind.APPLICATION) {
                toCome++;
                time.at(event.atMicros() * MICRO, () -> perform(event));
            }
        }
    }

    /** Tells the checks what has happened to logs. */
    private final class Changes implements LogChanges {
        @Override
        public void recreated(String topic) {
            deliveries.recreated(topic);
        }

        @Override
        public void partitionAdded(String topic) {
            // It is assigned when the application assigns it.
        }

        @Override
        public void truncated(ModelPartition partition, long end) {
            deliveries.truncated(partition, end);
        }
    }

    /** Returns the virtual time. */
    public VirtualTime time() {
        return time;
    }

    /** Returns the client's connections to the cluster. */
    public Wire wire() {
        return wire;
    }

    /** Returns the story of the run. */
    public Story story() {
        return story;
    }

    /** Returns how often each act happened so far. */
    public ActCounts counts() {
        return counts;
    }

    /** Returns the checks of what the application receives. */
    public DeliveryOracle deliveries() {
        return deliveries;
    }

    /** Returns until when each act was in force. */
    public Troubles troubles() {
        return troubles;
    }

    /** Returns where logs ended at which time. */
    public ReadableEnds ends() {
        return brokers.ends();
    }

    /** Returns the names of all partitions that exist now. */
    public List<TopicPartition> partitions() {
        return partitions.names();
    }

    /** Returns the name of the partition at this place, modulo the number of places. */
    public TopicPartition partition(int place) {
        return partitions.name(place);
    }

    /** Returns the offset at this many thousandths of the log. */
    public long offsetAt(TopicPartition name, long thousandths) {
        ModelPartition partition = cluster.partition(name);
        if (partition == null) {
            return 0;
        }
        long start = partition.log().startOffset();
        return start + (partition.log().highWatermark() - start) * thousandths / 1_000;
    }

    /**
     * Returns whether an event of the schedule has not happened yet; an event may be late when the process has stopped.
     */
    public boolean isEventful() {
        return toCome > 0;
    }

    private void perform(Event event) {
        toCome--;
        story.tell(() -> "** " + event.act() + " broker " + event.broker() + ", " + partition(event.partition()) + ", "
                + event.amount());
        if (comesToSomething(event)) {
            counts.happened(event.act());
            troubles.note(event.act(), Troubles.nanos(event));
        }
        noteReplicas();
        brokers.lookAgain();
    }

    /** A leader that sends consumers to another broker goes on to do so. */
    private void noteReplicas() {
        if (partitions.all().stream().anyMatch(each -> each.preferredReplica() != ModelPartition.NOBODY)) {
            troubles.lasts(Act.REPLICA_PREFERRED);
        } else {
            troubles.ends(Act.REPLICA_PREFERRED);
        }
    }

    /** Performs the event; returns whether it has happened by now. An armed fault is counted when it strikes. */
    private boolean comesToSomething(Event event) {
        if (ClusterActs.performs(event.act())) {
            return acts.perform(event);
        }
        long nanos = event.amount() * MICRO;
        switch (event.act()) {
            case NOT_READY -> wire.notReady(event.broker(), nanos);
            case CUT_NOW -> {
                boolean connected = wire.isConnected(event.broker());
                wire.cut(event.broker());
                return connected;
            }
            case CONNECTIONS_REFUSED -> wire.refuseConnections(event.broker(), nanos);
            case PROCESS_STALL -> {
                troubles.stop(nanos);
                time.moveTo(time.nanos() + nanos);
            }
            case WALL_CLOCK_JUMP -> time.jumpWallClock(event.amount());
            case WRITTEN,
                    WRITTEN_IN_TRANSACTION,
                    TRANSACTION_COMMITTED,
                    TRANSACTION_ABORTED,
                    COMPACTED,
                    RETENTION,
                    HIGH_WATERMARK_HELD -> {
                ModelPartition partition = partitions.get(event.partition());
                return partition != null && logs.perform(event, partition);
            }
            default -> {
                faults.arm(new WireFaults.Armed(event.act(), event.broker(), event.partition(), event.amount()));
                return false;
            }
        }
        return true;
    }

    /** Ends every fault, and writes a last record to every partition. */
    public void heal() {
        story.tell(() -> "** from here on nothing goes wrong");
        wire.heal();
        acts.heal();
        noteReplicas();
        partitions.all().forEach(logs::settle);
        brokers.lookAgain();
    }

    /** Moves the leaders of all partitions, where there are other replicas. */
    public void moveLeaders() {
        for (int place = 0; place < partitions.names().size(); place++) {
            ModelPartition partition = partitions.get(place);
            if (partition != null) {
                moveLeader(partition, place);
            }
        }
        brokers.lookAgain();
    }

    private void moveLeader(ModelPartition partition, int place) {
        for (int broker : partition.replicas()) {
            if (broker != partition.leader()) {
                acts.perform(new Event(0, Act.LEADER_MOVED, broker, place, 0));
                troubles.note(Act.LEADER_MOVED, 0);
                return;
            }
        }
    }

    /** Takes a broker down for {@code nanos}; returns whether every partition still has a leader. */
    public boolean crash(int broker, long nanos) {
        boolean expendable = partitions.all().stream()
                .allMatch(partition -> partition.replicas().stream().anyMatch(id -> id != broker));
        if (expendable) {
            acts.perform(new Event(0, Act.BROKER_CRASH, broker, 0, nanos / MICRO));
            troubles.note(Act.BROKER_CRASH, nanos);
            brokers.lookAgain();
        }
        return expendable;
    }

    /** Returns whether this broker leads the partition. */
    public boolean leads(int nodeId, TopicPartition name) {
        ModelPartition partition = cluster.partition(name);
        return partition != null && partition.leader() == nodeId;
    }

    /** Returns the number of the last record written so far. */
    public long lastWritten() {
        return ledger.last();
    }

    /** Writes this number of batches to every partition. */
    public void write(int batches) {
        story.tell(() -> "** written everywhere: batches " + batches);
        partitions.all().forEach(partition -> logs.fill(partition, batches));
        brokers.lookAgain();
    }

    /**
     * Returns the partitions that a broker holds in a session; null if there is no such session, or if it was tampered
     * with.
     */
    public @Nullable Map<TopicIdPartition, FetchTarget> held(int nodeId, int sessionId) {
        BrokerSession session = cluster.broker(nodeId).sessions().get(sessionId);
        return session == null || acts.isTamperedWith(session) ? null : session.held();
    }

    /** Returns whether the broker has this session. */
    public boolean hasSession(int nodeId, int sessionId) {
        return cluster.broker(nodeId).sessions().get(sessionId) != null;
    }

    /** Returns the epoch that an existing session expects next. */
    public int epoch(int nodeId, int sessionId) {
        BrokerSession session = cluster.broker(nodeId).sessions().get(sessionId);
        if (session == null) {
            throw new IllegalArgumentException("broker " + nodeId + " has no session " + sessionId);
        }
        return session.epoch();
    }
}
