package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who measures Kafka's own consumer measures Surefoot with the same names, and gets the same figures for the same work.
 */
class MetricsContractTest {
    private static final int RECORDS = 10;
    private static final String FETCHES = "consumer-fetch-manager-metrics";

    /** A family of Kafka's metrics that Surefoot leaves out, and why. */
    private record LeftOut(String reason, Predicate<Figure> figures) {}

    private static final List<LeftOut> LEFT_OUT = List.of(
            new LeftOut(
                    "They need a group: what rebalances cost.",
                    figure -> figure.group().equals("consumer-coordinator-metrics")),
            new LeftOut(
                    "They are about the threads of AsyncKafkaConsumer, and the queues between them.",
                    Figure::isOfAsyncThreads));

    /**
     * The same work for everybody: two topics, one with dots in its name, read to their ends, a few records in each
     * poll.
     */
    private static Map<Figure, Object> measured(Client client, String protocol, List<TopicPartition> partitions) {
        Map<String, Object> config = OneBroker.config("max.poll.records", 3, "client.id", OneBroker.unusedName());
        if (client == Client.KAFKA) {
            config.put("group.protocol", protocol);
        }
        try (Consumer<byte[], byte[]> consumer = client.open(config)) {
            consumer.assign(partitions);
            Reading.take(consumer, RECORDS * partitions.size());
            consumer.poll(Reading.SHORT);
            return Figure.of(consumer);
        }
    }

    private static final Map<String, Map<Figure, Object>> KAFKA = new HashMap<>();
    private static Map<Figure, Object> surefoot;

    @BeforeAll
    static void readTheSameWithEverybody() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(OneBroker.unusedName(), "with.dots-" + OneBroker.unusedName())) {
            OneBroker.cluster().createTopic(topic, 1, 1, Map.of());
            partitions.add(new TopicPartition(topic, 0));
        }
        partitions.forEach(partition -> Writing.numbers(OneBroker.cluster(), partition, 0, RECORDS));
        for (String protocol : List.of("classic", "consumer")) {
            KAFKA.put(protocol, measured(Client.KAFKA, protocol, partitions));
        }
        surefoot = measured(Client.SUREFOOT, "", partitions);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void everyMetricThatNeedsNoGroupIsThere(String protocol) {
        Set<Figure> missing = new TreeSet<>(KAFKA.get(protocol).keySet());
        missing.removeAll(surefoot.keySet());
        missing.removeIf(figure ->
                LEFT_OUT.stream().anyMatch(leftOut -> leftOut.figures().test(figure)));
        assertThat(missing).isEmpty();
    }

    @Test
    void whatIsLeftOutIsSomethingThatKafkaHas() {
        assertThat(LEFT_OUT)
                .allMatch(leftOut -> KAFKA.get("consumer").keySet().stream().anyMatch(leftOut.figures()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void whatKafkaDoesNotHaveIsAboutSessionsAndProgress(String protocol) {
        Set<Figure> more = new TreeSet<>(surefoot.keySet());
        more.removeAll(KAFKA.get(protocol).keySet());
        assertThat(more)
                .isNotEmpty()
                .allMatch(figure -> Set.of("surefoot-fetch-session-metrics", "surefoot-progress-metrics")
                        .contains(figure.group()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void figuresThatTheWorkDeterminesAreEqual(String protocol) {
        Set<String> determined = Set.of(
                "records-consumed-total",
                "bytes-consumed-total",
                "records-lag",
                "records-lead",
                "preferred-read-replica",
                "fetch-throttle-time-avg",
                "fetch-throttle-time-max");
        Map<Figure, Object> expected = new TreeMap<>(KAFKA.get(protocol));
        expected.keySet().removeIf(figure -> !determined.contains(figure.name()));
        assertThat(expected).hasSizeGreaterThan(15);
        assertThat(surefoot).containsAllEntriesOf(expected);
    }

    private static double sum(Map<Figure, Object> figures, String group, String name) {
        return figures.entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(group)
                        && entry.getKey().name().equals(name))
                .mapToDouble(entry -> (double) entry.getValue())
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"request-total", "response-total", "outgoing-byte-total", "incoming-byte-total"})
    void theFiguresOfNodesAddUpToThoseOfTheSelector(String name) {
        assertThat(sum(surefoot, "consumer-node-metrics", name))
                .isPositive()
                .isEqualTo(sum(surefoot, "consumer-metrics", name));
    }

    @Test
    void everyFetchIsTimed() {
        assertThat(sum(surefoot, FETCHES, "fetch-total")).isPositive();
        for (String name : List.of("fetch-latency-avg", "fetch-latency-max", "fetch-rate")) {
            assertThat(sum(surefoot, FETCHES, name)).as(name).isPositive();
        }
        Map<String, String> tags = new TreeMap<>(Map.of("client-id", "", "node-id", "node-0"));
        assertThat((double) surefoot.get(new Figure("consumer-node-metrics", "request-latency-avg", tags)))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch-size-avg", "fetch-size-max", "records-per-request-avg"})
    void theSizeOfAFetchIsThatOfKafka(String name) {
        // All records are in one batch, which one fetch brings to whoever reads the topic alone.
        TopicPartition partition = new TopicPartition("one.batch-" + OneBroker.unusedName(), 0);
        OneBroker.cluster().createTopic(partition.topic(), 1, 1, Map.of());
        try (var producer = Writing.producer(OneBroker.cluster(), "linger.ms", 60_000, "compression.type", "lz4")) {
            Writing.send(producer, Writing.numbered(partition, 0, RECORDS));
        }
        Map<Figure, Object> kafka = measured(Client.KAFKA, "classic", List.of(partition));
        Map<Figure, Object> own = measured(Client.SUREFOOT, "", List.of(partition));
        kafka.keySet().removeIf(figure -> !figure.name().equals(name));
        assertThat(kafka).hasSize(3);
        assertThat(own).containsAllEntriesOf(kafka);
    }

    @ParameterizedTest
    @EnumSource
    void timesOfPollsAreKnownOnceThereWereSome(Client client) {
        Map<String, String> tags = Map.of("client-id", "");
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config())) {
            consumer.assign(List.of(new TopicPartition(OneBroker.topic(1), 0)));
            Figure secondsAgo = new Figure("consumer-metrics", "last-poll-seconds-ago", tags);
            assertThat(Figure.of(consumer)).containsEntry(secondsAgo, -1.0);
            for (int i = 0; i < 3; i++) {
                consumer.poll(Duration.ofMillis(20));
            }
            Map<Figure, Object> figures = Figure.of(consumer);
            assertThat((double) figures.get(secondsAgo)).isNotNegative();
            assertThat((double) figures.get(new Figure("consumer-metrics", "time-between-poll-max", tags)))
                    .isPositive();
            assertThat((double) figures.get(new Figure("consumer-metrics", "time-between-poll-avg", tags)))
                    .isPositive();
            Await.until("a ratio between nothing and all", Reading.PATIENCE, () -> {
                consumer.poll(Duration.ofMillis(20));
                double ratio =
                        (double) Figure.of(consumer).get(new Figure("consumer-metrics", "poll-idle-ratio-avg", tags));
                return ratio > 0 && ratio <= 1;
            });
        }
    }
}
