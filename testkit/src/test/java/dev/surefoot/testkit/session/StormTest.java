package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.FetchReport;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * An application that changes its mind all the time gets exactly what it asked for last, and its sessions stay in step.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StormTest {
    private static final int RECORDS = 20_000;
    private static final int CHANGES = 800;

    private final long seed = Long.getLong("surefoot.seed", System.nanoTime());
    /** Begins anew with each test, so that a seed repeats a test that is run alone. */
    private SplittableRandom random = new SplittableRandom(seed);

    private final KafkaCluster cluster = KafkaCluster.withBrokers(2);
    private List<TopicPartition> partitions = List.of();

    @BeforeAll
    void fill() {
        partitions = SequencedTopic.create(cluster, "t", 6, RECORDS, 100).stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void seeksStormInvisibly() {
        storm((reader, one) -> reader.seek(one, random.nextInt(RECORDS)));
    }

    @Test
    void pausesAndResumesStormInvisibly() {
        storm((reader, one) -> {
            Set<TopicPartition> paused = reader.consumer.paused();
            if (paused.contains(one)) {
                reader.consumer.resume(random.nextInt(4) == 0 ? paused : Set.of(one));
            } else {
                reader.consumer.pause(random.nextInt(8) == 0 ? partitions : List.of(one));
            }
            if (reader.checker.next(one) > RECORDS / 2) {
                reader.seek(one, 0);
            }
        });
    }

    @Test
    void assignmentsStormInvisibly() {
        storm((reader, one) -> {
            Set<TopicPartition> next = new HashSet<>(reader.consumer.assignment());
            if (!next.remove(one)) {
                next.add(one);
            }
            if (!next.isEmpty()) {
                reader.assign(next);
            }
        });
    }

    @Test
    void everythingStormsAtOnceInvisibly() {
        storm((reader, one) -> {
            Set<TopicPartition> assigned = reader.consumer.assignment();
            switch (random.nextInt(6)) {
                case 0 -> reader.assign(Set.copyOf(partitions));
                case 1 -> reader.assign(Set.copyOf(partitions.subList(random.nextInt(5), 6)));
                case 2 -> reader.consumer.pause(assigned);
                case 3 -> reader.consumer.resume(assigned);
                default -> {
                    if (assigned.contains(one)) {
                        reader.seek(one, random.nextInt(RECORDS));
                    }
                }
            }
        });
    }

    private void storm(BiConsumer<CheckedConsumer, TopicPartition> change) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                20_000,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                20,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                300);
        random = new SplittableRandom(seed);
        try (CheckedConsumer reader = CheckedConsumer.of(cluster, config)) {
            reader.assign(Set.copyOf(partitions));
            for (int i = 0; i < CHANGES; i++) {
                change.accept(reader, partitions.get(random.nextInt(partitions.size())));
                if (random.nextInt(3) == 0) {
                    reader.poll();
                }
            }
            reader.assign(Set.copyOf(partitions));
            reader.consumer.resume(partitions);
            reader.readTo(RECORDS);

            FetchReport report = reader.report();
            assertThat(report.mismatchedFetches())
                    .as("seed %d: %s", seed, report)
                    .isZero();
            assertThat(report.refusedFetches()).as("seed %d: %s", seed, report).isZero();
            assertThat(report.doubtedPartitions())
                    .as("seed %d: %s", seed, report)
                    .isZero();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
