package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.surefoot.testkit.LoopbackPorts;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be asked of the cluster has the same answers from both consumers. */
class ClusterQuestionsContractTest {
    private static final long FIRST_TIMESTAMP = 1_700_000_000_000L;
    private static final int RECORDS = 20;
    private static String topic;
    private static TopicPartition full;
    private static TopicPartition empty;

    @BeforeAll
    static void write() {
        topic = OneBroker.topic(2, Map.of("retention.ms", "-1"));
        full = new TopicPartition(topic, 0);
        empty = new TopicPartition(topic, 1);
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            for (int i = 0; i < RECORDS; i++) {
                Writing.send(producer, List.of(new ProducerRecord<>(topic, 0, FIRST_TIMESTAMP + i, null, new byte[8])));
            }
        }
    }

    private static Consumer<byte[], byte[]> open(Client client) {
        return client.open(OneBroker.config());
    }

    private static String describe(PartitionInfo info) {
        return info.toString() + info.leader().host();
    }

    @Test
    void partitionsAreDescribedAlike() {
        try (Consumer<byte[], byte[]> kafka = open(Client.KAFKA);
                Consumer<byte[], byte[]> surefoot = open(Client.SUREFOOT)) {
            assertThat(surefoot.partitionsFor(topic))
                    .extracting(ClusterQuestionsContractTest::describe)
                    .containsExactlyInAnyOrderElementsOf(kafka.partitionsFor(topic).stream()
                            .map(ClusterQuestionsContractTest::describe)
                            .toList());
            Node leader = surefoot.partitionsFor(topic).get(0).leader();
            assertThat(leader).isEqualTo(kafka.partitionsFor(topic).get(0).leader());
            assertThat(surefoot.listTopics().keySet())
                    .contains(topic)
                    .isEqualTo(kafka.listTopics(Duration.ofSeconds(10)).keySet());
            assertThat(surefoot.listTopics(Duration.ofSeconds(10)).get(topic)).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownTopicHasNoPartitions(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            assertThat(consumer.partitionsFor(OneBroker.unusedName())).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidTopicNameIsRefused(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            assertThatExceptionOfType(InvalidTopicException.class)
                    .isThrownBy(() -> consumer.partitionsFor("no spaces"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidAssignedTopicFailsThePoll(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(new TopicPartition("no spaces", 0)));
            assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> {
                for (int i = 0; i < 50; i++) {
                    consumer.poll(Duration.ofMillis(200));
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndsOfPartitionsNeedNoAssignment(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            assertThat(consumer.beginningOffsets(List.of(full, empty))).isEqualTo(Map.of(full, 0L, empty, 0L));
            assertThat(consumer.endOffsets(List.of(full, empty), Duration.ofSeconds(10)))
                    .isEqualTo(Map.of(full, (long) RECORDS, empty, 0L));
            assertThat(consumer.beginningOffsets(List.of())).isEmpty();
            assertThat(consumer.endOffsets(List.of())).isEmpty();
            assertThat(consumer.offsetsForTimes(Map.of())).isEmpty();
            assertThat(consumer.assignment()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOffsetIsFoundByTimeAndNullStandsForNone(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            Map<TopicPartition, OffsetAndTimestamp> expected = new HashMap<>();
            expected.put(full, new OffsetAndTimestamp(5, FIRST_TIMESTAMP + 5, Optional.of(0)));
            expected.put(empty, null);
            assertThat(consumer.offsetsForTimes(Map.of(full, FIRST_TIMESTAMP + 5, empty, FIRST_TIMESTAMP)))
                    .isEqualTo(expected);
            expected.put(full, null);
            assertThat(consumer.offsetsForTimes(Map.of(full, FIRST_TIMESTAMP + RECORDS, empty, 0L)))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTimeIsNotNegative(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.offsetsForTimes(Map.of(full, -1L)))
                    .withMessage(
                            "The target time for partition " + full + " is -1. The target time cannot be negative.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void offsetsOfAnUnknownTopicTakeUpTheirTime(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            TopicPartition unknown = new TopicPartition(OneBroker.unusedName(), 0);
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> consumer.endOffsets(List.of(unknown), Duration.ofMillis(500)));
            consumer.assign(List.of(unknown));
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> consumer.position(unknown, Duration.ofMillis(500)));
            assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void questionsToNobodyEndInTime(Client client) {
        // Whoever waits for these instead of the time given does not end within the test's.
        Map<String, Object> config = OneBroker.config(
                "bootstrap.servers",
                "127.0.0.1:" + LoopbackPorts.take(),
                "default.api.timeout.ms",
                600_000,
                "request.timeout.ms",
                600_000);
        try (Consumer<byte[], byte[]> consumer = client.open(config)) {
            consumer.assign(List.of(full));
            Duration patience = Duration.ofMillis(400);
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> consumer.partitionsFor(topic, patience));
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> consumer.listTopics(patience));
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> consumer.position(full, patience));
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> consumer.endOffsets(List.of(full), patience));
            assertThat(consumer.poll(patience)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTopicIsCreatedByAskingForItIfBothSidesAllowThat(Client client) {
        try (KafkaCluster cluster = KafkaCluster.builder()
                .brokerConfig("auto.create.topics.enable", "true")
                .start()) {
            Map<String, Object> config = cluster.consumerConfig();
            config.put("allow.auto.create.topics", false);
            try (Consumer<byte[], byte[]> consumer = client.open(config)) {
                consumer.partitionsFor("asked");
                consumer.assign(List.of(new TopicPartition("assigned", 0)));
                consumer.poll(Duration.ofMillis(500));
                assertThat(consumer.listTopics()).isEmpty();
            }
            config.put("allow.auto.create.topics", true);
            try (Consumer<byte[], byte[]> consumer = client.open(config)) {
                consumer.partitionsFor("asked");
                TopicPartition assigned = new TopicPartition("assigned", 0);
                consumer.assign(List.of(assigned));
                assertThat(consumer.position(assigned)).isZero();
                assertThat(consumer.partitionsFor("asked")).hasSize(1);
            }
        }
    }
}
