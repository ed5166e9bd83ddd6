package dev.surefoot.bench.memory;

import dev.surefoot.bench.throughput.Compression;
import dev.surefoot.bench.worker.WorkerJvm;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Reads one topic repeatedly with buffers of several sizes: with a fast application, which shows what a small buffer
 * costs, and with slow ones, which fill it. All trials run in one JVM, apart from the broker's.
 */
public final class MemoryBench implements AutoCloseable {

    /**
     * What is measured.
     *
     * @param records in the topic, 1 or more
     * @param valueBytes bytes of each value
     * @param fastBuffers each {@code surefoot.buffer.bytes} to try with a fast application
     * @param slowBuffers those to try with slow applications
     * @param restMicros how many microseconds a slow application pauses after a poll
     * @param mostSeconds when an application that is always slow stops, if it has not read everything by then
     * @param warmUps how many rounds are run before those that are counted, 0 or more
     * @param rounds how many rounds are counted, 1 or more
     */
    public record Shape(
            long records,
            int valueBytes,
            int partitions,
            List<Long> fastBuffers,
            List<Long> slowBuffers,
            long restMicros,
            int mostSeconds,
            int warmUps,
            int rounds) {
        /** Returns how many results a run gives. */
        public int results() {
            return (warmUps + rounds) * trials().size();
        }

        private List<Trial> trials() {
            List<Trial> trials = new ArrayList<>();
            fastBuffers.forEach(buffer -> trials.add(new Trial(Pace.FAST, buffer)));
            slowBuffers.forEach(buffer -> trials.add(new Trial(Pace.SLOW, buffer)));
            slowBuffers.forEach(buffer -> trials.add(new Trial(Pace.PHASES, buffer)));
            return trials;
        }
    }

    private record Trial(Pace pace, long bufferBytes) {}

    private static final String TOPIC = "memory";

    private static final List<String> FLAGS =
            List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-Dlog4j2.shutdownHookEnabled=false");

    private final Shape shape;
    private final WorkerJvm worker = WorkerJvm.start(MemoryWorker.class, FLAGS);

    /** Starts the JVM of the consumers. */
    public MemoryBench(Shape shape) {
        this.shape = shape;
    }

    /**
     * Writes the topic.
     *
     * @param written receives from time to time how many records have been sent
     */
    public void fill(KafkaCluster cluster, LongConsumer written) {
        cluster.createTopic(TOPIC, shape.partitions(), 1);
        new TopicFiller(cluster.bootstrapServers(), TOPIC, shape.partitions(), shape.valueBytes(), Compression.NONE)
                .fill(shape.records(), written);
    }

    /**
     * Runs all trials on a topic that has been filled.
     *
     * @param listener receives each result as soon as it is measured
     * @throws IllegalStateException if a trial fails, or is stopped
     */
    public void run(KafkaCluster cluster, Consumer<MemoryResult> listener) {
        for (int round = 1 - shape.warmUps(); round <= shape.rounds(); round++) {
            for (Trial trial : shape.trials()) {
                MemoryOrder order = new MemoryOrder(
                        cluster.bootstrapServers(),
                        TOPIC,
                        shape.partitions(),
                        shape.records(),
                        trial.pace(),
                        trial.bufferBytes(),
                        shape.restMicros(),
                        shape.mostSeconds());
                MemoryFigures figures = worker.ask(order, MemoryFigures.class);
                listener.accept(new MemoryResult(trial.pace(), trial.bufferBytes(), round, figures));
            }
        }
    }

    /** Stops a run, which then fails. Safe from any thread. */
    public void stop() {
        worker.close();
    }

    @Override
    public void close() {
        stop();
    }
}
