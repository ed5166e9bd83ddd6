package dev.surefoot.bench.rebalance;

import dev.surefoot.bench.worker.WorkerJvm;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures groups of both consumers in turn, over the same broker and topic. All members of a group are in one JVM,
 * which lives through all rounds, but for the one that dies: that has a JVM of its own, which is killed. A JVM that is
 * not measuring has no client open.
 */
public final class RebalanceBench implements AutoCloseable {

    /**
     * What is measured.
     *
     * @param subjects the consumers
     * @param kinds the protocols
     * @param members the sizes of groups, without the member that joins, leaves or dies
     * @param partitions of the topic
     * @param pulseMs milliseconds between two records written to a partition
     * @param sessionTimeoutMs after which the coordinator gives up a member, in milliseconds
     * @param heartbeatMs between two heartbeats of a member, in milliseconds
     * @param warmUps rounds before those that are counted, 0 or more
     * @param rounds rounds that are counted, 1 or more
     */
    public record Shape(
            List<Subject> subjects,
            List<GroupKind> kinds,
            List<Integer> members,
            int partitions,
            int pulseMs,
            int sessionTimeoutMs,
            int heartbeatMs,
            int warmUps,
            int rounds) {

        public Shape {
            subjects = List.copyOf(subjects);
            kinds = List.copyOf(kinds);
            members = List.copyOf(members);
        }

        /** Returns how many results a run gives. */
        public int results() {
            return subjects.size() * kinds.size() * members.size() * (warmUps + rounds) * Change.values().length;
        }

        /** Returns the options of the broker that the run needs. */
        public Map<String, String> brokerConfig() {
            String session = Integer.toString(sessionTimeoutMs);
            String heartbeat = Integer.toString(heartbeatMs);
            return Map.of(
                    "group.min.session.timeout.ms", "1",
                    "group.consumer.min.session.timeout.ms", session,
                    "group.consumer.session.timeout.ms", session,
                    "group.consumer.min.heartbeat.interval.ms", heartbeat,
                    "group.consumer.heartbeat.interval.ms", heartbeat,
                    // Members that start together join together.
                    "group.initial.rebalance.delay.ms", "1000");
        }
    }

    private static final String TOPIC = "rebalance";

    private static final List<String> FLAGS =
            List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-Dlog4j2.shutdownHookEnabled=false");

    private final Shape shape;
    private final Map<Subject, WorkerJvm> workers = new ConcurrentHashMap<>();
    private volatile @Nullable WorkerJvm victim;

    /** Starts the workers. */
    public RebalanceBench(Shape shape) {
        this.shape = shape;
        for (Subject subject : shape.subjects()) {
            workers.put(subject, WorkerJvm.start(RebalanceWorker.class, FLAGS));
        }
    }

    /**
     * Runs all rounds.
     *
     * @param cluster made with {@link Shape#brokerConfig}
     * @param listener receives each result as soon as it is measured
     * @throws IllegalStateException if a measurement fails, or is stopped
     */
    public void run(KafkaCluster cluster, Consumer<RebalanceResult> listener) {
        cluster.createTopic(TOPIC, shape.partitions(), 1);
        try (PulseWriter pulses =
                PulseWriter.start(cluster.bootstrapServers(), TOPIC, shape.partitions(), shape.pulseMs())) {
            for (int round = 1 - shape.warmUps(); round <= shape.rounds(); round++) {
                for (int members : shape.members()) {
                    for (GroupKind kind : shape.kinds()) {
                        for (Subject subject : order(round)) {
                            measure(cluster, subject, kind, members, round, listener);
                            pulses.requireSound();
                        }
                    }
                }
            }
        }
    }

    private void measure(
            KafkaCluster cluster,
            Subject subject,
            GroupKind kind,
            int members,
            int round,
            Consumer<RebalanceResult> listener) {
        RebalanceOrder order = new RebalanceOrder(
                RebalanceOrder.Step.JOIN_AND_LEAVE,
                cluster.bootstrapServers(),
                TOPIC,
                "bench-" + UUID.randomUUID(),
                shape.partitions(),
                shape.pulseMs(),
                subject,
                kind,
                members,
                shape.sessionTimeoutMs(),
                shape.heartbeatMs());
        WorkerJvm worker = Objects.requireNonNull(workers.get(subject));
        List<RebalanceFigures> figures =
                new ArrayList<>(worker.ask(order, RebalanceAnswer.class).figures());
        WorkerJvm doomed = WorkerJvm.start(RebalanceWorker.class, FLAGS);
        victim = doomed;
        doomed.ask(order.then(RebalanceOrder.Step.BE_VICTIM), RebalanceAnswer.class);
        worker.ask(order.then(RebalanceOrder.Step.AWAIT_VICTIM), RebalanceAnswer.class);
        doomed.close();
        figures.addAll(worker.ask(order.then(RebalanceOrder.Step.DEATH), RebalanceAnswer.class)
                .figures());
        figures.forEach(each -> listener.accept(new RebalanceResult(subject, kind, members, round, each)));
    }

    /** Each round begins with another consumer, so that none always follows the other. */
    private List<Subject> order(int round) {
        List<Subject> order = new ArrayList<>(shape.subjects());
        Collections.rotate(order, -round);
        return order;
    }

    /** Stops a run, which then fails. Safe from any thread. */
    public void stop() {
        workers.values().forEach(WorkerJvm::close);
        WorkerJvm doomed = victim;
        if (doomed != null) {
            doomed.close();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
