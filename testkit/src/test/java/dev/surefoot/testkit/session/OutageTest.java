package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A cluster that is away: the consumer waits for it without haste, recovers by itself, and can be closed meanwhile. */
@Tag("thorough")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageTest {
    private static final int RECORDS = 2_000;

    private final KafkaCluster cluster = KafkaCluster.builder().gated().start();
    private Set<TopicPartition> partitions = Set.of();

    @BeforeAll
    void fill() {
        partitions = SequencedTopic.create(cluster, "t", 4, RECORDS, 100);
    }

    @AfterEach
    void makeUp() {
        cluster.gate(0).open();
        if (!cluster.isRunning(0)) {
            cluster.start(0);
        }
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void aConsumerMadeDuringAnOutageReadsOnceItIsOver() {
        cluster.stop(0);
        try (CheckedConsumer reader = CheckedConsumer.of(cluster, Map.of())) {
            reader.assign(partitions);
            pollFor(Duration.ofSeconds(1), reader);
            assertThat(reader.checker.deliveredCount()).isZero();
            cluster.start(0);
            reader.readTo(RECORDS);
        }
    }

    @Test
    void aBrokerThatIsKilledAndComesBackIsReadFromAgain() {
        try (CheckedConsumer reader =
                CheckedConsumer.of(cluster, Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 10_000))) {
            reader.assign(partitions);
            reader.pollUntil("half of it", () -> reader.checker.deliveredCount() > 2 * RECORDS);
            cluster.kill(0);
            pollFor(Duration.ofSeconds(10), reader);
            cluster.start(0);
            partitions.forEach(partition -> reader.seek(partition, 0));
            reader.readTo(RECORDS);
            assertThat(reader.report().mismatchedFetches()).isZero();
        }
    }

    @Test
    @Timeout(120)
    void aCloseDuringAnOutageReturnsInTime() {
        closeInTime(() -> cluster.kill(0));
        makeUp();
        closeInTime(() -> cluster.gate(0).blackhole());
        makeUp();
        closeInTime(() -> {
            cluster.gate(0).refuse();
            cluster.gate(0).cut();
        });
    }

    private void closeInTime(Runnable outage) {
        // A close that waited for the requests under way would not end within the test's time.
        Map<String, Object> patient = Map.of(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 600_000,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 600_000);
        CheckedConsumer reader = CheckedConsumer.of(cluster, patient);
        reader.assign(partitions);
        reader.readTo(RECORDS);
        outage.run();
        pollFor(Duration.ofMillis(200), reader);
        reader.consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        assertThat(reader.bufferedBytes()).isZero();
    }

    @Test
    void theLoopRestsWhileABrokerIsAway() {
        restsDuring(() -> cluster.gate(0).blackhole());
        makeUp();
        restsDuring(() -> {
            cluster.gate(0).blackhole();
            cluster.gate(0).cut();
        });
        makeUp();
        restsDuring(() -> cluster.kill(0));
    }

    private void restsDuring(Runnable outage) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG, "resting",
                ConsumerConfig.METADATA_MAX_AGE_CONFIG, 100,
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000);
        try (CheckedConsumer reader = CheckedConsumer.of(cluster, config)) {
            reader.assign(partitions);
            reader.readTo(RECORDS);
            outage.run();
            Duration outageTime = Duration.ofSeconds(3);
            long before = loopCpuNanos();
            pollFor(outageTime, reader);
            assertThat(Duration.ofNanos(loopCpuNanos() - before))
                    .as("processor time of the loop in an outage of %s", outageTime)
                    .isLessThan(outageTime.dividedBy(10));
            reader.consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static long loopCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            var thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().equals("surefoot-resting")) {
                return threads.getThreadCpuTime(id);
            }
        }
        throw new IllegalStateException("The loop's thread is not there");
    }

    private static void pollFor(Duration time, CheckedConsumer reader) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            reader.poll();
        }
    }
}
