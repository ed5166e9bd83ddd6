package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.testkit.simulation.check.Ledger;
import dev.surefoot.testkit.simulation.coordinator.GroupCoordinatorModel;
import dev.surefoot.testkit.simulation.coordinator.TopicCatalog;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import dev.surefoot.testkit.simulation.model.ModelTopic;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.ActCounts;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Everything outside the consumers of one group: time, the cluster with the group's coordinator, each consumer's wire,
 * and their faults. One thread at a time uses it, as {@link Turns} has it.
 */
public final class GroupWorld {
    /** The {@code group.id}. */
    public static final String GROUP = "group";

    private static final long MICRO = 1_000L;

    private static final Set<Act> ARMED_AT_COORDINATOR =
            EnumSet.of(Act.WRITES_FAIL, Act.API_REFUSED, Act.GROUP_ANSWER_LOST, Act.GROUP_ANSWER_LATE);

    private final Schedule schedule;
    private final VirtualTime time = new VirtualTime();
    private final ActCounts counts = new ActCounts();
    private final Ledger ledger = new Ledger();
    private final Story story;
    private final Turns turns;
    private final ModelCluster cluster;
    private final Partitions partitions;
    private final TopicCatalog catalog;
    private final Troubles troubles = new Troubles(time);
    private final WireFaults faults = new WireFaults(counts, troubles);
    private final BrokerSide brokers;
    private final LogActs logs;
    private final ClusterActs acts;
    private final CoordinatorActs coordinatorActs;
    private final GroupCoordinatorModel coordinator;
    private final CoordinatorService service;
    private final List<ConsumerProcess> processes = new ArrayList<>();
    private Runnable coordinatorWatch = () -> {};
    private Consumer<String> recreationWatch = topic -> {};
    private int toCome;

    /**
     * @param schedule the events to perform; those of the kind {@code MEMBER} are left to the caller
     * @param told whether the story of the run is requested
     * @param coordinators makes the coordinator
     */
    public GroupWorld(Schedule schedule, boolean told, Coordinators coordinators) {
        this.schedule = schedule;
        Shape shape = schedule.shape();
        SplittableRandom random = new SplittableRandom(schedule.seed());
        story = new Story(time, told);
        turns = new Turns(time, random.nextLong());
        cluster = new ModelCluster(
                shape.brokers(),
                ClusterActs.ids(shape.sequentialSessionIds()),
                ClusterActs.slots(),
                shape.firstSessionEpoch(),
                random.split());
        partitions = new Partitions(cluster, shape);
        catalog = new TopicCatalog(random.split());
        brokers = new BrokerSide(time, cluster, new Tampering(cluster, faults), shape.readCommitted());
        logs = new LogActs(time, cluster, ledger, shape.recordsPerBatch(), brokers::lookAgain);
        acts = new ClusterActs(time, cluster, brokers, this::crashed, faults, logs, new Changes(), partitions);
        cluster.topics().forEach(this::describe);
        Node host = cluster.node(1 + random.nextInt(shape.brokers()));
        coordinator = coordinators.open(catalog, host, random.nextLong());
        service = new CoordinatorService(time, brokers, coordinator, () -> coordinatorWatch.run());
        coordinatorActs = new CoordinatorActs(schedule.shape().group().protocol(), cluster, coordinator, service);
        cluster.brokers().forEach(broker -> broker.nameNewLeaders(shape.namesNewLeaders()));
        partitions.all().forEach(partition -> logs.fill(partition, shape.batches()));
        brokers.lookAgain();
        for (Event event : schedule.events()) {
            if (event.act().kind() != Act.Kind.MEMBER) {
                toCome++;
                time.at(event.atMicros() * MICRO, () -> perform(event));
            }
        }
    }

    /** Makes the coordinator of the group. */
    @FunctionalInterface
    public interface Coordinators {
        /**
         * @param catalog the topics, which the world changes
         * @param host where it is at first
         */
        GroupCoordinatorModel open(TopicCatalog catalog, Node host, long seed);
    }

    private void describe(ModelTopic topic) {
        catalog.create(topic.name(), topic.id(), topic.partitions().size());
    }

    private final class Changes implements LogChanges {
        @Override
        public void recreated(String topic) {
            recreationWatch.accept(topic);
            describe(Objects.requireNonNull(cluster.topic(topic)));
        }

        @Override
        public void partitionAdded(String topic) {
            catalog.addPartitions(
                    topic,
                    Objects.requireNonNull(cluster.topic(topic)).partitions().size());
        }

        @Override
        public void truncated(ModelPartition partition, long end) {
            throw new IllegalStateException("logs are not truncated in schedules with groups");
        }
    }

    private void crashed(int broker) {
        processes.forEach(process -> process.wire().cut(broker));
        coordinatorActs.brokerCrashed(broker);
    }

    /** Starts a process with wires of its own. Its program is started by the caller. */
    public ConsumerProcess process(String name) {
        Story told = story.toldBy(name);
        Wire wire = new Wire(time, brokers, faults, told, schedule.shape());
        ConsumerProcess process = new ConsumerProcess(name, time, turns, wire, told, troubles.ofProcess());
        processes.add(process);
        return process;
    }

    /** Has this run when the coordinator may have done something. */
    public void watchCoordinator(Runnable watch) {
        coordinatorWatch = watch;
    }

    /** Has this hear of topics that are deleted and created again. */
    public void watchRecreations(Consumer<String> watch) {
        recreationWatch = watch;
    }

    public VirtualTime time() {
        return time;
    }

    public Turns turns() {
        return turns;
    }

    public Story story() {
        return story;
    }

    /** Returns how often each act happened so far. */
    public ActCounts counts() {
        return counts;
    }

    /** Returns every record that was ever written. */
    public Ledger ledger() {
        return ledger;
    }

    /** Returns where logs ended at which time. */
    public ReadableEnds ends() {
        return brokers.ends();
    }

    public ModelCluster cluster() {
        return cluster;
    }

    public GroupCoordinatorModel coordinator() {
        return coordinator;
    }

    /** Whether the coordinator has lost what it had written, so that what it grants may contradict what it granted. */
    public boolean hasLostWrites() {
        return counts.of(Act.WRITES_LOST) > 0;
    }

    /** Returns the names of all partitions that exist now. */
    public List<TopicPartition> partitions() {
        return partitions.names();
    }

    /** Returns the name of the partition at this place, modulo the number of places. */
    public TopicPartition partition(int place) {
        return partitions.name(place);
    }

    /** Returns the topics whose bits are set, or all if none would be. */
    public Set<String> topics(long bits) {
        Set<String> all = new TreeSet<>();
        partitions.names().forEach(partition -> all.add(partition.topic()));
        Set<String> some = new TreeSet<>();
        int bit = 0;
        for (String topic : all) {
            if ((bits >>> bit++ & 1) != 0) {
                some.add(topic);
            }
        }
        return some.isEmpty() ? all : some;
    }

    /** Returns the offset at this many thousandths of the log. */
    public long offsetAt(TopicPartition name, long thousandths) {
        ModelPartition partition = Objects.requireNonNull(cluster.partition(name));
        long start = partition.log().startOffset();
        return start + (partition.log().highWatermark() - start) * thousandths / 1_000;
    }

    /** Returns whether an event of the schedule has not happened yet. */
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
            noteWhatLasts(event.act());
        }
        brokers.lookAgain();
    }

    /** What is armed at the coordinator strikes at any time; one that has lost writes may open a transaction again. */
    private void noteWhatLasts(Act act) {
        if (ARMED_AT_COORDINATOR.contains(act)) {
            troubles.lasts(act);
        }
        if (hasLostWrites() && counts.of(Act.OFFSET_UNSTABLE) > 0) {
            troubles.lasts(Act.OFFSET_UNSTABLE);
        }
    }

    /** Performs the event; returns whether it has happened by now. An armed fault is counted when it strikes. */
    private boolean comesToSomething(Event event) {
        long nanos = event.amount() * MICRO;
        if (ClusterActs.performs(event.act())) {
            return acts.perform(event);
        }
        if (CoordinatorActs.performs(event.act())) {
            return coordinatorActs.perform(event, partition(event.partition()));
        }
        switch (event.act()) {
            case NOT_READY -> processes.forEach(process -> process.wire().notReady(event.broker(), nanos));
            case CUT_NOW -> processes.forEach(process -> process.wire().cut(event.broker()));
            case CONNECTIONS_REFUSED ->
                processes.forEach(process -> process.wire().refuseConnections(event.broker(), nanos));
            case WRITTEN, WRITTEN_IN_TRANSACTION, TRANSACTION_COMMITTED, TRANSACTION_ABORTED, HIGH_WATERMARK_HELD -> {
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
        processes.forEach(ConsumerProcess::goOn);
        processes.forEach(process -> process.wire().heal());
        faults.disarmAll();
        acts.heal();
        coordinatorActs.heal();
        ARMED_AT_COORDINATOR.forEach(troubles::ends);
        troubles.ends(Act.OFFSET_UNSTABLE);
        if (hasLostWrites() && counts.of(Act.OFFSET_UNSTABLE) > 0) {
            troubles.note(Act.OFFSET_UNSTABLE, CoordinatorActs.LOADED_NANOS);
        }
        partitions.all().forEach(logs::settle);
        brokers.lookAgain();
    }

    /** Writes this number of batches to every partition. */
    public void write(int batches) {
        story.tell(() -> "** written everywhere: batches " + batches);
        partitions.all().forEach(partition -> logs.fill(partition, batches));
        brokers.lookAgain();
    }

    /** Returns the partitions that a broker holds in a session; null if there is no such session. */
    public @Nullable Map<TopicIdPartition, FetchTarget> held(int nodeId, int sessionId) {
        BrokerSession session = cluster.broker(nodeId).sessions().get(sessionId);
        return session == null ? null : session.held();
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
