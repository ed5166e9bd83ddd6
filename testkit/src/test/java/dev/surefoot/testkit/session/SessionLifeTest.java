package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConfig;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a broker holds of a consumer's sessions: one while it fetches, none when it does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionLifeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SLOTS = 8;
    private static final int RECORDS = 5_000;

    private final KafkaCluster cluster = KafkaCluster.builder()
            .brokerConfig("max.incremental.fetch.session.cache.slots", Integer.toString(SLOTS))
            .start();
    private Set<TopicPartition> partitions = Set.of();

    @BeforeAll
    void fill() {
        partitions = SequencedTopic.create(cluster, "t", 4, RECORDS, 100);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private int sessions() {
        return cluster.fetchSessions(0).consumers();
    }

    @Test
    void closingAConsumerClosesItsSession() {
        try (CheckedConsumer reader = CheckedConsumer.of(cluster, Map.of())) {
            reader.assign(partitions);
            reader.readTo(RECORDS);
            assertThat(sessions()).isEqualTo(1);
        }
        assertThat(sessions()).isZero();
    }

    @Test
    void aSessionThatWantsNothingIsClosedAfterAWhile() {
        try (CheckedConsumer reader =
                CheckedConsumer.of(cluster, Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50))) {
            reader.assign(partitions);
            reader.readTo(RECORDS);
            reader.consumer.pause(partitions);
            Await.until("no session at the broker", PATIENCE, () -> sessions() == 0);
            reader.consumer.resume(partitions);
            reader.pollUntil("a new session", () -> reader.report().sessionsOpened() == 2);
            assertThat(sessions()).isEqualTo(1);
            assertThat(reader.report().refusedFetches()).isZero();
            assertThat(reader.report().mismatchedFetches()).isZero();
        }
    }

    @Test
    void withSessionsOffThereIsNone() {
        try (CheckedConsumer reader = CheckedConsumer.of(
                cluster,
                Map.of(
                        SurefootConfig.ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG,
                        false,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        20_000))) {
            reader.assign(partitions);
            reader.pollUntil("everything read without a session", () -> {
                assertThat(sessions()).isZero();
                return reader.checker.allAt(RECORDS);
            });
            assertThat(reader.report().sessionsOpened()).isZero();
            assertThat(reader.report().incrementalFetches()).isZero();
        }
    }

    @Test
    void aConsumerGoesOnInFullWhileABrokerGrantsNoSession() {
        List<CheckedConsumer> others = new ArrayList<>();
        try (CheckedConsumer reader = CheckedConsumer.of(
                cluster,
                Map.of(
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 20_000,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50))) {
            for (int i = 0; i < SLOTS; i++) {
                CheckedConsumer other = CheckedConsumer.of(cluster, Map.of());
                others.add(other);
                other.assign(Set.of(new TopicPartition("t", 0)));
                other.pollUntil("a session", () -> other.report().sessionsOpened() == 1);
            }
            assertThat(sessions()).isEqualTo(SLOTS);

            reader.assign(partitions);
            reader.readTo(RECORDS);
            assertThat(reader.report().sessionsOpened()).isZero();
            assertThat(reader.report().fullFetches()).isGreaterThan(5);
            assertThat(reader.report().refusedFetches()).isZero();
            assertThat(reader.report().mismatchedFetches()).isZero();

            others.forEach(CheckedConsumer::close);
            reader.pollUntil("a session at last", () -> reader.report().sessionsOpened() == 1);
        } finally {
            others.forEach(CheckedConsumer::close);
        }
    }

    @Test
    void aSessionThatTheBrokerLostIsOpenedAnew() {
        Set<TopicPartition> large = SequencedTopic.create(cluster, "large", 2, 20_000, 200);
        try (CheckedConsumer reader = CheckedConsumer.of(
                cluster,
                Map.of(
                        SurefootConfig.BUFFER_BYTES_CONFIG, 1L << 20,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 100_000,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50))) {
            reader.assign(large);
            reader.pollUntil("a session", () -> reader.report().incrementalFetches() > 0);
            Await.until("no room for another fetch", PATIENCE, () -> {
                long before = reader.fetches();
                return reader.bufferedBytes() > 0 && unchangedFor(Duration.ofMillis(200), reader, before);
            });
            assertThat(sessions()).isEqualTo(1);

            cluster.restart(0);
            assertThat(sessions()).isZero();

            reader.readTo(20_000);
            assertThat(reader.report().refusedFetches()).isEqualTo(1);
            assertThat(reader.report().sessionsOpened()).isEqualTo(2);
            assertThat(reader.report().mismatchedFetches()).isZero();
            assertThat(reader.report().failedFetches()).isZero();
        }
    }

    /** The one thing that nothing tells of is that nothing happens. */
    private static boolean unchangedFor(Duration time, CheckedConsumer reader, long fetches) {
        long end = System.nanoTime() + time.toNanos();
        while (reader.fetches() == fetches) {
            if (System.nanoTime() - end >= 0) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }
}
