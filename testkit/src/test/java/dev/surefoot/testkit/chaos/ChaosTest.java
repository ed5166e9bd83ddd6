package dev.surefoot.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.fixtures.LogLines;
import dev.surefoot.testkit.check.DeliveryChecker;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Brokers die and come back one after another, connections break at random, and everything that was acknowledged is
 * delivered exactly once and in order. {@code -Dsurefoot.chaos.seconds} sets how long it lasts,
 * {@code -Dsurefoot.chaos.seed} repeats a schedule.
 */
@Tag("longer")
class ChaosTest {
    private static final int PARTITIONS = 24;
    private static final long CHAOS_SECONDS = Long.getLong("surefoot.chaos.seconds", 30);
    private static final Duration CALM_AT_THE_END = Duration.ofSeconds(Math.min(10, CHAOS_SECONDS / 4));
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final long seed = Long.getLong("surefoot.chaos.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final DeliveryChecker plain = new DeliveryChecker();
    private final DeliveryChecker committed = new DeliveryChecker();
    private volatile long end = Long.MAX_VALUE;
    private volatile boolean written;
    private volatile long patienceEnd = Long.MAX_VALUE;

    @Test
    void everyAcknowledgedRecordIsDeliveredOnceAndInOrder() throws Exception {
        System.out.println("chaos for " + CHAOS_SECONDS + " s with -Dsurefoot.chaos.seed=" + seed);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (LogLines log = LogLines.printed();
                KafkaCluster cluster = KafkaCluster.builder().brokers(3).gated().start()) {
            cluster.createTopic("plain", PARTITIONS, 3);
            cluster.createTopic("committed", PARTITIONS, 3);
            SurefootConsumer<byte[], byte[]> reader = consumer(cluster, "read_uncommitted");
            SurefootConsumer<byte[], byte[]> committedReader = consumer(cluster, "read_committed");
            List<Metric> buffered = List.of(bufferedBytes(reader), bufferedBytes(committedReader));

            String outcome = run(cluster, threads, reader, committedReader);

            System.out.println(outcome);
            assertThat(plain.violations()).as(outcome).isEmpty();
            assertThat(committed.violations()).as(outcome).isEmpty();
            assertThat(plain.missing()).as(outcome).isEmpty();
            assertThat(committed.missing()).as(outcome).isEmpty();
            assertThat(plain.acknowledgedCount()).isPositive();
            assertThat(committed.acknowledgedCount()).isPositive();
            reader.close();
            committedReader.close();
            assertThat(buffered).as("bytes held after the close, seed " + seed).allMatch(ChaosTest::isZero);
            assertThat(complaints(log)).as("logged, seed " + seed).isEmpty();
        } catch (ExecutionException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getCause() + "; still missing " + plain.missing() + " and "
                            + committed.missing(),
                    e);
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * What Surefoot logged that no outage explains: errors, faults of its own, and positions lost, as no log loses what
     * was readable once while two of its replicas live on.
     */
    private static List<String> complaints(LogLines log) {
        return log.warnings().stream()
                .filter(line -> line.contains("dev.surefoot"))
                .filter(line -> LogLines.isError(line)
                        || line.toLowerCase(Locale.ROOT).contains("bug")
                        || line.contains("Position of "))
                .toList();
    }

    private String run(
            KafkaCluster cluster,
            ExecutorService threads,
            SurefootConsumer<byte[], byte[]> reader,
            SurefootConsumer<byte[], byte[]> committedReader)
            throws Exception {
        long start = System.nanoTime();
        end = start + TimeUnit.SECONDS.toNanos(CHAOS_SECONDS);
        long calm = end - CALM_AT_THE_END.toNanos();
        BooleanSupplier faulty = () -> System.nanoTime() < calm;
        BooleanSupplier writing = () -> System.nanoTime() < end;

        Future<String> plainReading = threads.submit(application(reader, "plain", plain));
        Future<String> committedReading = threads.submit(application(committedReader, "committed", committed));
        Future<Long> writer = threads.submit(new SequenceWriter(
                ChaosCluster.producer(cluster, Map.of()), partitions("plain"), plain, random.split(), writing));
        Future<Long> transactions = threads.submit(new TransactionWriter(
                ChaosCluster.producer(cluster, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "chaos")),
                partitions("committed"),
                committed,
                random.split(),
                writing));
        String caused = new ChaosFaults(cluster, threads, random.split(), faulty).ended();
        String wrote = writer.get() + " records, " + transactions.get() + " transactions";
        long over = System.nanoTime();
        patienceEnd = over + PATIENCE.toNanos();
        written = true;
        String plainEnd = plainReading.get();
        String committedEnd = committedReading.get();
        long lateMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - over);
        return """
                seed %d: %s, %s, the rest delivered in %d ms
                plain: %d of %d delivered, %s
                committed: %d of %d delivered, %s""".formatted(
                        seed,
                        caused,
                        wrote,
                        lateMs,
                        plain.deliveredCount(),
                        plain.acknowledgedCount(),
                        plainEnd,
                        committed.deliveredCount(),
                        committed.acknowledgedCount(),
                        committedEnd);
    }

    private ChaoticApplication application(
            SurefootConsumer<byte[], byte[]> consumer, String topic, DeliveryChecker checker) {
        return new ChaoticApplication(
                consumer,
                partitions(topic),
                checker,
                random.split(),
                () -> !written,
                () -> !written || (!checker.isComplete() && System.nanoTime() < patienceEnd));
    }

    private static List<TopicPartition> partitions(String topic) {
        return SequencedTopic.partitions(topic, PARTITIONS).stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    private static SurefootConsumer<byte[], byte[]> consumer(KafkaCluster cluster, String isolation) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG, 20);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 1_000);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 20_000);
        config.put("surefoot.buffer.bytes", 1L << 20);
        return new SurefootConsumer<>(config);
    }

    private static Metric bufferedBytes(SurefootConsumer<byte[], byte[]> consumer) {
        return consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("buffered-bytes"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static boolean isZero(Metric metric) {
        return ((Number) metric.metricValue()).longValue() == 0;
    }
}
