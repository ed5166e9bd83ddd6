package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A member of a group has the metrics that Kafka's own consumer of the same protocol has, and they move. */
@Timeout(120)
class GroupMetricsContractTest {
    private static final String GROUP = "consumer-coordinator-metrics";
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Map<String, Map<Client, Map<Figure, Object>>> FIGURES = new HashMap<>();

    private static final class Indifferent implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }

    private static Consumer<byte[], byte[]> open(Client client, String protocol, String group) {
        Map<String, Object> config = OneBroker.config("group.id", group, "group.protocol", protocol);
        config.put("client.id", OneBroker.unusedName());
        config.put("enable.auto.commit", "false");
        if (protocol.equals("classic")) {
            config.put("heartbeat.interval.ms", "50");
        }
        return client.open(config);
    }

    /** Joins, commits, asks for what is committed, and shares the topic with a second member. */
    private static Map<Figure, Object> measured(Client client, String protocol) {
        String group = "group-of-" + OneBroker.unusedName();
        String topic = OneBroker.topic(2);
        List<TopicPartition> partitions = OneBroker.partitions(topic, 2);
        partitions.forEach(partition -> Writing.numbers(OneBroker.cluster(), partition, 0, 3));
        try (Consumer<byte[], byte[]> first = open(client, protocol, group);
                Consumer<byte[], byte[]> second = open(client, protocol, group)) {
            first.subscribe(List.of(topic), new Indifferent());
            Await.until("all partitions", LONG, () -> {
                first.poll(SHORT);
                return first.assignment().size() == 2;
            });
            first.commitSync(Map.of(partitions.get(0), new OffsetAndMetadata(1)));
            assertThat(first.committed(Set.copyOf(partitions))).hasSize(2);
            second.subscribe(List.of(topic));
            Await.until("one partition each, and a heartbeat that was answered", LONG, () -> {
                first.poll(SHORT);
                second.poll(SHORT);
                return first.assignment().size() == 1
                        && second.assignment().size() == 1
                        && value(Figure.of(first), GROUP, "heartbeat-total") > 0
                        && value(Figure.of(first), GROUP, "rebalance-total") > 1;
            });
            return Figure.of(first);
        }
    }

    @BeforeAll
    static void doTheSameWithEverybody() {
        for (String protocol : List.of("classic", "consumer")) {
            Map<Client, Map<Figure, Object>> ofProtocol = new EnumMap<>(Client.class);
            for (Client client : Client.values()) {
                ofProtocol.put(client, measured(client, protocol));
            }
            FIGURES.put(protocol, ofProtocol);
        }
    }

    private static double value(Map<Figure, Object> figures, String group, String name) {
        return (double) figures.get(new Figure(group, name, Map.of("client-id", "")));
    }

    private static double value(String protocol, Client client, String name) {
        return value(FIGURES.get(protocol).get(client), GROUP, name);
    }

    private static Set<Figure> names(String protocol, Client client) {
        Set<Figure> names = new TreeSet<>(FIGURES.get(protocol).get(client).keySet());
        names.removeIf(figure -> figure.isOfAsyncThreads()
                || figure.group().startsWith("surefoot-")
                || figure.group().equals("consumer-fetch-manager-metrics")
                || figure.group().equals("consumer-node-metrics"));
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void theMetricsAreThoseOfKafka(String protocol) {
        Set<Figure> kafka = names(protocol, Client.KAFKA);
        assertThat(kafka).filteredOn(figure -> figure.group().equals(GROUP)).hasSizeGreaterThan(20);
        assertThat(names(protocol, Client.SUREFOOT)).isEqualTo(kafka);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void theyAreDescribed(String protocol) {
        try (Consumer<byte[], byte[]> consumer = open(Client.SUREFOOT, protocol, OneBroker.unusedName())) {
            assertThat(consumer.metrics().keySet())
                    .filteredOn(metric -> metric.group().equals(GROUP))
                    .isNotEmpty()
                    .noneMatch(metric -> metric.description().isBlank());
        }
    }

    static List<Arguments> everybody() {
        List<Arguments> everybody = new ArrayList<>();
        for (String protocol : List.of("classic", "consumer")) {
            for (Client client : Client.values()) {
                everybody.add(Arguments.of(protocol, client));
            }
        }
        return everybody;
    }

    @ParameterizedTest
    @MethodSource("everybody")
    void countsAndTimesMove(String protocol, Client client) {
        List<String> moving = new ArrayList<>(List.of(
                "heartbeat-total",
                "heartbeat-rate",
                "commit-total",
                "commit-rate",
                "rebalance-total",
                "rebalance-latency-total",
                "rebalance-latency-avg",
                "rebalance-latency-max",
                "rebalance-rate-per-hour",
                "assigned-partitions"));
        if (protocol.equals("classic")) {
            moving.addAll(List.of("join-total", "join-rate", "join-time-max", "sync-total", "sync-rate"));
        }
        assertThat(moving)
                .allSatisfy(name ->
                        assertThat(value(protocol, client, name)).as(name).isPositive());
        List<String> known = new ArrayList<>(List.of(
                "heartbeat-response-time-max",
                "commit-latency-avg",
                "commit-latency-max",
                "last-heartbeat-seconds-ago",
                "last-rebalance-seconds-ago",
                "failed-rebalance-total",
                "failed-rebalance-rate-per-hour",
                "partition-assigned-latency-avg",
                "partition-assigned-latency-max",
                "partition-revoked-latency-avg",
                "partition-revoked-latency-max"));
        assertThat(known)
                .allSatisfy(name -> assertThat(value(protocol, client, name))
                        .as(name)
                        .isNotNaN()
                        .isNotNegative());
        assertThat(value(protocol, client, "partition-lost-latency-max"))
                .as("nothing was lost")
                .isNaN();
    }

    @ParameterizedTest
    @MethodSource("everybody")
    void whatTheProgramDeterminesIsExact(String protocol, Client client) {
        assertThat(value(protocol, client, "assigned-partitions")).isEqualTo(1);
        assertThat(value(protocol, client, "commit-total")).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("everybody")
    void theTimeOfCallsIsAddedUp(String protocol, Client client) {
        Map<Figure, Object> figures = FIGURES.get(protocol).get(client);
        assertThat(value(figures, "consumer-metrics", "commit-sync-time-ns-total"))
                .isPositive();
        assertThat(value(figures, "consumer-metrics", "committed-time-ns-total"))
                .isPositive();
    }
}
