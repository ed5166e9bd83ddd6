package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.consumer.TelemetryReceiver.Pushed;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both consumers tell a cluster the same that wants their metrics (KIP-714), and nothing to one that does not. */
class TelemetryContractTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final String PREFIX = "org.apache.kafka.";

    private static KafkaCluster cluster;
    private static TopicPartition partition;

    @BeforeAll
    static void start() throws Exception {
        cluster = KafkaCluster.builder()
                .brokerConfig("metric.reporters", TelemetryReceiver.class.getName())
                .start();
        ConfigResource everything = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "everything");
        cluster.admin()
                .incrementalAlterConfigs(Map.of(everything, List.of(set("metrics", "*"), set("interval.ms", "100"))))
                .all()
                .get();
        cluster.createTopic("told", 1, 1);
        partition = new TopicPartition("told", 0);
        Writing.numbers(cluster, partition, 0, 10);
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Map<String, Object> config(Object... options) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private static Consumer<byte[], byte[]> reading(Client client, Object... options) {
        Consumer<byte[], byte[]> consumer = client.open(config(options));
        consumer.assign(List.of(partition));
        return consumer;
    }

    /** Polls, as KafkaConsumer of the classic protocol sends nothing meanwhile, until there is such a push. */
    private static Pushed pushed(Consumer<?, ?> consumer, Uuid id, Predicate<Pushed> such) {
        Await.until("a push of the client", LONG, () -> {
            consumer.poll(SHORT);
            return TelemetryReceiver.pushedBy(id).stream().anyMatch(such);
        });
        return TelemetryReceiver.pushedBy(id).stream().filter(such).findFirst().orElseThrow();
    }

    private static Uuid id(Consumer<?, ?> consumer) {
        Uuid[] id = new Uuid[1];
        Await.until("an id of the client", LONG, () -> {
            consumer.poll(SHORT);
            id[0] = consumer.clientInstanceId(Duration.ofSeconds(1));
            return id[0] != null;
        });
        return id[0];
    }

    @ParameterizedTest
    @EnumSource
    void aClientHasOneIdForAsLongAsItLives(Client client) {
        try (Consumer<byte[], byte[]> consumer = reading(client);
                Consumer<byte[], byte[]> other = reading(client)) {
            Uuid id = id(consumer);
            assertThat(id).isNotEqualTo(Uuid.ZERO_UUID);
            assertThat(consumer.clientInstanceId(Duration.ZERO)).isEqualTo(id);
            assertThat(id(other)).isNotEqualTo(id);
            assertThatIllegalArgumentException().isThrownBy(() -> consumer.clientInstanceId(Duration.ofMillis(-1)));
        }
    }

    /** KafkaConsumer of the classic protocol needs a poll. */
    @Test
    void theIdNeedsNoAssignmentAndNoPoll() {
        try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(config())) {
            assertThat(consumer.clientInstanceId(LONG)).isNotNull();
            assertThat(consumer.clientInstanceId(Duration.ofSeconds(Long.MAX_VALUE)))
                    .isNotNull();
        }
    }

    @Test
    void bothPushTheSameMetricsAndOneLastTimeWhenTheyClose() {
        Map<Client, Set<String>> names = new HashMap<>();
        for (Client client : Client.values()) {
            Consumer<byte[], byte[]> consumer = reading(client);
            Uuid id = id(consumer);
            String consumed = PREFIX + "consumer.fetch.manager.records.consumed.total";
            names.put(
                    client,
                    pushed(consumer, id, push -> push.names().contains(consumed))
                            .names());
            consumer.close();
            Await.until(
                    "the last push",
                    LONG,
                    () -> TelemetryReceiver.pushedBy(id).stream().anyMatch(Pushed::terminating));
        }
        Set<String> lacking = new TreeSet<>(names.get(Client.KAFKA));
        lacking.removeAll(names.get(Client.SUREFOOT));
        assertThat(lacking).isEmpty();
        Set<String> more = new TreeSet<>(names.get(Client.SUREFOOT));
        more.removeAll(names.get(Client.KAFKA));
        assertThat(more).isNotEmpty().allMatch(name -> name.startsWith(PREFIX + "surefoot."));
    }

    @ParameterizedTest
    @EnumSource
    void aMetricOfTheApplicationIsPushedUntilItIsTakenBack(Client client) {
        KafkaMetric metric = metric("answers", "application", 42);
        try (Consumer<byte[], byte[]> consumer = reading(client)) {
            Uuid id = id(consumer);
            consumer.registerMetricForSubscription(metric);
            Predicate<Pushed> withIt = push -> push.names().contains(PREFIX + "application.answers");
            pushed(consumer, id, withIt);
            assertThat(consumer.metrics()).doesNotContainKey(metric.metricName());

            consumer.unregisterMetricFromSubscription(metric);
            int before = TelemetryReceiver.pushedBy(id).size();
            // The first one may have been under way when it was taken back.
            Await.until("two pushes more", LONG, () -> {
                consumer.poll(SHORT);
                return TelemetryReceiver.pushedBy(id).size() > before + 1;
            });
            assertThat(TelemetryReceiver.pushedBy(id).get(before + 1)).matches(withIt.negate());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMetricOfTheConsumerIsNotReplaced(Client client) {
        try (Consumer<byte[], byte[]> consumer = reading(client)) {
            Uuid id = id(consumer);
            MetricName known = consumer.metrics().keySet().stream()
                    .filter(name -> name.name().equals("records-consumed-total"))
                    .findFirst()
                    .orElseThrow();
            KafkaMetric impostor = metric(known.name(), known.group(), 0);
            consumer.unregisterMetricFromSubscription(new KafkaMetric(
                    new Object(), known, (Measurable) (config, now) -> 1, new MetricConfig(), Time.SYSTEM));
            assertThatCode(() -> consumer.registerMetricForSubscription(impostor))
                    .doesNotThrowAnyException();
            int before = TelemetryReceiver.pushedBy(id).size();
            Await.until("two pushes more", LONG, () -> {
                consumer.poll(SHORT);
                return TelemetryReceiver.pushedBy(id).size() > before + 1;
            });
            assertThat(TelemetryReceiver.pushedBy(id).get(before + 1).names())
                    .contains(PREFIX + "consumer.fetch.manager.records.consumed.total");
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aMemberIsLabelledWithItsIdsInTheGroup(Client client, String protocol) {
        String group = "labelled-" + client + protocol;
        try (Consumer<byte[], byte[]> consumer =
                client.open(config("group.id", group, "group.protocol", protocol, "client.rack", "cellar"))) {
            consumer.subscribe(List.of(partition.topic()));
            Members.pollUntilAssigned(consumer, 1);
            Pushed push = pushed(consumer, id(consumer), such -> such.labels().containsKey("group_member_id"));
            assertThat(push.labels())
                    .containsEntry("group_member_id", consumer.groupMetadata().memberId())
                    .containsEntry("group_id", group)
                    .containsEntry("client_rack", "cellar");
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutPushesThereIsNoId(Client client) {
        try (Consumer<byte[], byte[]> consumer = client.open(config("enable.metrics.push", false))) {
            for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> consumer.clientInstanceId(timeout))
                        .withMessage("Telemetry is not enabled. Set config `enable.metrics.push` to `true`.");
            }
            KafkaMetric metric = metric("answers", "application", 42);
            consumer.registerMetricForSubscription(metric);
            consumer.unregisterMetricFromSubscription(metric);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokerWithoutAReceiverGivesNoId(Client client) {
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config())) {
            consumer.assign(OneBroker.partitions(OneBroker.topic(1), 1));
            consumer.poll(Duration.ofMillis(200));
            assertThat(consumer.clientInstanceId(Duration.ofMillis(200))).isNull();
            assertThat(consumer.clientInstanceId(Duration.ZERO)).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheWait(Client client) {
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config())) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptException.class).isThrownBy(() -> consumer.clientInstanceId(LONG));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static KafkaMetric metric(String name, String group, double value) {
        return new KafkaMetric(
                new Object(),
                new MetricName(name, group, "a figure of the application", Map.of()),
                (Measurable) (config, nowMs) -> value,
                new MetricConfig(),
                Time.SYSTEM);
    }
}
