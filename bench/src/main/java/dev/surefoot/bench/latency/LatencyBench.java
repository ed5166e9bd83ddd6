package dev.surefoot.bench.latency;

import dev.surefoot.bench.worker.WorkerJvm;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures the consumers in turn, over the same broker and topic. Each has a JVM of its own that lives through all
 * rounds. A worker that is not measuring has no client open.
 */
public final class LatencyBench implements AutoCloseable {

    /**
     * What is measured.
     *
     * @param secondsByRate how many seconds each round lasts at each rate (records per second), in the order given
     * @param warmUps how many rounds are run before those that are counted, 0 or more
     * @param rounds how many rounds are counted, 1 or more
     * @param partitions of the topic, 1 or more
     * @param valueBytes bytes of each value, 8 or more
     */
    public record Shape(Map<Integer, Integer> secondsByRate, int warmUps, int rounds, int partitions, int valueBytes) {
        /** Returns how many results a run gives. */
        public int results() {
            return secondsByRate.size() * (warmUps + rounds) * ConsumerKind.values().length;
        }
    }

    private static final String TOPIC = "latency";

    /** The same for every consumer; a heap of fixed size, so that none of them grows during a round. */
    private static final List<String> FLAGS = List.of(
            "-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Dlog4j2.shutdownHookEnabled=false");

    private final Shape shape;
    private final Map<ConsumerKind, WorkerJvm> workers = new EnumMap<>(ConsumerKind.class);

    /** Starts the workers. */
    public LatencyBench(Shape shape) {
        this.shape = shape;
        for (ConsumerKind kind : ConsumerKind.values()) {
            workers.put(kind, WorkerJvm.start(LatencyWorker.class, FLAGS));
        }
    }

    /**
     * Runs all rounds.
     *
     * @param listener receives each result as soon as it is measured
     * @throws IllegalStateException if a measurement fails, or is stopped
     */
    public void run(KafkaCluster cluster, Consumer<LatencyResult> listener) {
        cluster.createTopic(TOPIC, shape.partitions(), 1);
        shape.secondsByRate().forEach((rate, seconds) -> {
            for (int round = 1 - shape.warmUps(); round <= shape.rounds(); round++) {
                for (ConsumerKind kind : order(round)) {
                    LatencyOrder order = new LatencyOrder(
                            cluster.bootstrapServers(),
                            TOPIC,
                            shape.partitions(),
                            kind,
                            rate,
                            seconds,
                            shape.valueBytes());
                    LatencyFigures figures = worker(kind).ask(order, LatencyFigures.class);
                    listener.accept(new LatencyResult(rate, kind, round, figures));
                }
            }
        });
    }

    private WorkerJvm worker(ConsumerKind kind) {
        WorkerJvm worker = workers.get(kind);
        if (worker == null) {
            throw new IllegalStateException("no worker was started for " + kind.label());
        }
        return worker;
    }

    /**
     * Returns the order of a round. Each round begins with another consumer, so that none always follows the same one.
     */
    static List<ConsumerKind> order(int round) {
        List<ConsumerKind> order = new ArrayList<>(List.of(ConsumerKind.values()));
        Collections.rotate(order, -round);
        return order;
    }

    /** Stops a run, which then fails. Safe from any thread. */
    public void stop() {
        workers.values().forEach(WorkerJvm::close);
    }

    @Override
    public void close() {
        stop();
    }
}
