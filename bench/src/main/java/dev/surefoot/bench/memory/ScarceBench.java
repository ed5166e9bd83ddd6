package dev.surefoot.bench.memory;

import dev.surefoot.bench.latency.ConsumerKind;
import dev.surefoot.bench.throughput.Compression;
import dev.surefoot.bench.worker.WorkerJvm;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Measures consumers of each kind in JVMs with little memory: many that share it, and one in a very small JVM. */
public final class ScarceBench implements AutoCloseable {
    private static final int PARTITIONS = 6;
    private static final int VALUE_BYTES = 1000;
    private static final int MOST_SECONDS = 600;
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    private final long records;
    private final List<ScarceCase> cases;
    private final int rounds;
    private volatile boolean stopped;
    private volatile @Nullable WorkerJvm worker;

    /**
     * @param records in the topic, 1 or more
     * @param consumers how many share the memory of a JVM, or 0 to omit them
     * @param rounds how many rounds are counted, 1 or more
     */
    public ScarceBench(long records, int consumers, int rounds) {
        this.records = records;
        this.rounds = rounds;
        this.cases = new ArrayList<>();
        if (consumers > 0) {
            cases.addAll(ScarceCase.sharing(consumers));
        }
        cases.addAll(ScarceCase.tiny());
    }

    /** Returns how many results a run gives. */
    public int results() {
        return rounds * cases.size() * ConsumerKind.values().length;
    }

    /**
     * Writes the topics.
     *
     * @param written receives from time to time how many records of a topic have been sent
     */
    public void fill(KafkaCluster cluster, LongConsumer written) {
        for (Compression compression : List.of(Compression.NONE, Compression.ZSTD)) {
            cluster.createTopic(topic(compression), PARTITIONS, 1);
            new TopicFiller(cluster.bootstrapServers(), topic(compression), PARTITIONS, VALUE_BYTES, compression)
                    .fill(records, written);
        }
    }

    private static String topic(Compression compression) {
        return "scarce-" + compression.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Runs all trials, each in a JVM of its own.
     *
     * @param listener receives each result as soon as it is measured
     * @throws IllegalStateException if a trial fails, or is stopped
     */
    public void run(KafkaCluster cluster, Consumer<ScarceResult> listener) {
        for (int round = 1; round <= rounds; round++) {
            for (ScarceCase each : cases) {
                for (ConsumerKind client : ConsumerKind.values()) {
                    listener.accept(new ScarceResult(each, client, round, measure(cluster, each, client)));
                }
            }
        }
    }

    private ScarceFigures measure(KafkaCluster cluster, ScarceCase in, ConsumerKind client) {
        // The option only sets the processor count that the JVM sees; without the wrapper its collector may run on
        // another one.
        List<String> wrapper =
                in.oneProcessor() && Files.isExecutable(TASKSET) ? List.of(TASKSET.toString(), "-c", "0") : List.of();
        try (WorkerJvm started = WorkerJvm.start(wrapper, ScarceWorker.class, in.flags())) {
            worker = started;
            if (stopped) {
                throw new IllegalStateException("stopped");
            }
            return started.ask(
                    new ScarceOrder(
                            cluster.bootstrapServers(),
                            topic(in.compression()),
                            PARTITIONS,
                            records,
                            client,
                            in.consumers(),
                            MOST_SECONDS),
                    ScarceFigures.class);
        }
    }

    /** Stops a run, which then fails. Safe from any thread. */
    public void stop() {
        stopped = true;
        WorkerJvm running = worker;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
