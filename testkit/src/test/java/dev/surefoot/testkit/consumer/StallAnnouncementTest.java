package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.fixtures.LogLines;
import dev.surefoot.progress.Change;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.Stall;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** A stall is announced to listeners and in the log, once, and so is its end. */
class StallAnnouncementTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Takes note of what it is told, and of the threads that tell it. */
    private static final class Noting implements ProgressListener {
        private final List<Change> changes = new CopyOnWriteArrayList<>();
        private final List<Stall> stalls = new CopyOnWriteArrayList<>();
        private final List<Stall> ends = new CopyOnWriteArrayList<>();
        private final List<String> threads = new CopyOnWriteArrayList<>();

        @Override
        public void changed(Change change) {
            threads.add(Thread.currentThread().getName());
            changes.add(change);
        }

        @Override
        public void stalled(Stall stall) {
            threads.add(Thread.currentThread().getName());
            stalls.add(stall);
        }

        @Override
        public void ended(Stall stall, Duration lasted) {
            threads.add(Thread.currentThread().getName());
            ends.add(stall);
        }
    }

    /** Throws whatever it is told. */
    private static final class Throwing implements ProgressListener {
        @Override
        public void changed(Change change) {
            throw new IllegalStateException("a listener of the application");
        }
    }

    private static double metric(SurefootConsumer<?, ?> consumer, String name, String tag, String value) {
        return consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals("surefoot-progress-metrics")
                        && metric.metricName().name().equals(name)
                        && value.equals(metric.metricName().tags().get(tag)))
                .mapToDouble(metric -> (double) metric.metricValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMissingTopicIsAnnouncedOnceAndReadWhenItIsThere() {
        TopicPartition partition = new TopicPartition(OneBroker.unusedName(), 0);
        Map<String, Object> config =
                OneBroker.config("allow.auto.create.topics", false, "surefoot.stall.patience.ms", 2_000);
        Noting noting = new Noting();
        String clientId = OneBroker.unusedName();
        config.put("client.id", clientId);
        try (LogLines log = new LogLines();
                SurefootConsumer<byte[], byte[]> consumer =
                        new SurefootConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.addProgressListener(new Throwing());
            consumer.addProgressListener(noting);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Await.until("the stall", PATIENCE, () -> {
                consumer.poll(Reading.SHORT);
                return !noting.stalls.isEmpty();
            });
            OneBroker.cluster().createTopic(partition.topic(), 1, 1);
            Writing.numbers(OneBroker.cluster(), partition, 0, 5);
            assertThat(Reading.take(consumer, 5)).hasSize(5);
            Await.until("the end of the stall", PATIENCE, () -> {
                consumer.poll(Reading.SHORT);
                return !noting.ends.isEmpty();
            });

            assertThat(noting.stalls).singleElement().satisfies(stall -> {
                assertThat(stall.why().cause()).isEqualTo(StallCause.TOPIC_MISSING);
                assertThat(stall.why().severity()).isEqualTo(Severity.STALLED);
                assertThat(stall.examples()).containsExactly(partition);
            });
            assertThat(metric(consumer, "stalls-total", "cause", "TOPIC_MISSING"))
                    .isEqualTo(1);
            assertThat(metric(consumer, "stall-seconds-total", "cause", "TOPIC_MISSING"))
                    .isPositive();
            Await.until(
                    "a partition that is fine",
                    PATIENCE,
                    () -> metric(consumer, "partitions", "severity", "fine") == 1
                            && metric(consumer, "time-lag-ms", "topic", partition.topic()) == 0);
            assertThat(noting.ends)
                    .singleElement()
                    .satisfies(stall -> assertThat(stall.episode()).isEqualTo(1));
            assertThat(noting.changes).extracting(change -> change.to().cause()).contains(StallCause.CAUGHT_UP);
            assertThat(noting.threads).containsOnly("surefoot-" + clientId);
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains(partition.topic()))
                    .singleElement()
                    .asString()
                    .contains("[" + clientId + "] " + partition + " stands still", "TOPIC_MISSING", "does not exist");
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("Throwing"))
                    .hasSize(1);
        }
    }
}
