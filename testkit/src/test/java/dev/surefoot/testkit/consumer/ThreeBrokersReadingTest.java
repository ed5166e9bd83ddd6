package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leaders that move, replicas nearby, and a log that loses its end. */
class ThreeBrokersReadingTest {
    private static KafkaCluster cluster;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder()
                .brokers(3)
                .brokerConfig("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector")
                .brokerConfig(0, "broker.rack", "rack-0")
                .brokerConfig(1, "broker.rack", "rack-1")
                .brokerConfig(2, "broker.rack", "rack-2")
                .start();
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static Consumer<byte[], byte[]> assigned(
            Client client, List<TopicPartition> partitions, Map<String, Object> options) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put("metadata.max.age.ms", 2_000);
        config.putAll(options);
        Consumer<byte[], byte[]> consumer = client.open(config);
        consumer.assign(partitions);
        return consumer;
    }

    @Test
    void aLeaderThatMovesCostsNoRecordAndRepeatsNone() {
        int count = 6;
        cluster.createTopic("moving", count, 3);
        List<TopicPartition> partitions = OneBroker.partitions("moving", count);
        int perPartition = 400;
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int first = 0; first < perPartition; first += 20) {
                for (TopicPartition partition : partitions) {
                    Writing.numbers(cluster, partition, first, 20);
                }
            }
        });
        CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> {
            for (int move = 0; move < 12; move++) {
                TopicPartition partition = partitions.get(move % count);
                cluster.moveLeader(partition, (cluster.leaderOf(partition).orElseThrow() + 1) % 3);
            }
        });
        try (Consumer<byte[], byte[]> consumer =
                assigned(Client.SUREFOOT, partitions, Map.of("max.partition.fetch.bytes", 2_000))) {
            long[] next = new long[count];
            Await.until("all records", Reading.PATIENCE.multipliedBy(2), () -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Reading.SHORT)) {
                    assertThat(record.offset()).isEqualTo(next[record.partition()]++);
                    assertThat(Reading.values(List.of(record))).containsExactly(Long.toString(record.offset()));
                }
                return IntStream.range(0, count).allMatch(partition -> next[partition] == perPartition);
            });
            moving.join();
            writing.join();
            assertThat(consumer.poll(Reading.SHORT)).isEmpty();
        }
    }

    private static Object preferredReadReplica(Consumer<?, ?> consumer) {
        return consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("preferred-read-replica"))
                .map(entry -> entry.getValue().metricValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aReplicaInTheSameRackIsReadFromAndTheLeaderAgainWhenItIsGone() {
        cluster.createTopic("near", 1, 3);
        TopicPartition partition = new TopicPartition("near", 0);
        cluster.moveLeader(partition, 0);
        cluster.awaitInSync("near");
        Writing.numbers(cluster, partition, 0, 50);
        int before = cluster.fetchSessions(1).consumers();
        try (Consumer<byte[], byte[]> consumer =
                assigned(Client.SUREFOOT, List.of(partition), Map.of("client.rack", "rack-1"))) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(Reading.take(consumer, 50));
            assertThat(cluster.fetchSessions(1).consumers()).isEqualTo(before + 1);
            assertThat(preferredReadReplica(consumer)).isEqualTo(1);
            Writing.numbers(cluster, partition, 50, 50);
            records.addAll(Reading.take(consumer, 50));
            cluster.stop(1);
            try {
                Writing.numbers(cluster, partition, 100, 50);
                records.addAll(Reading.take(consumer, 50));
                assertThat(cluster.fetchSessions(0).consumers()).isPositive();
                assertThat(preferredReadReplica(consumer)).isEqualTo(-1);
            } finally {
                cluster.start(1);
            }
            for (int i = 0; i < 150; i++) {
                assertThat(records.get(i).offset()).isEqualTo(i);
            }
            assertThat(records).hasSize(150);
            cluster.awaitAllInSync();
            Await.until("the replica nearby is read from again", Reading.PATIENCE, () -> {
                consumer.poll(Reading.SHORT);
                return cluster.fetchSessions(1).consumers() > 0;
            });
            Writing.numbers(cluster, partition, 150, 50);
            assertThat(Reading.take(consumer, 50).get(0).offset()).isEqualTo(150);
        }
    }

    /** Elects a follower that lacks the last 10 of 20 records, which the consumers have read by then. */
    private static void truncate(TopicPartition partition, List<Consumer<byte[], byte[]>> consumers) {
        cluster.createTopic(
                partition.topic(), 1, 2, Map.of("unclean.leader.election.enable", "true", "min.insync.replicas", "1"));
        cluster.awaitInSync(partition.topic());
        Writing.numbers(cluster, partition, 0, 10);
        int leader = cluster.leaderOf(partition).orElseThrow();
        int follower = Await.value(
                "the follower",
                Reading.PATIENCE,
                () -> consumers.get(0).partitionsFor(partition.topic()).stream()
                        .flatMap(info ->
                                IntStream.range(0, info.replicas().length).mapToObj(i -> info.replicas()[i].id()))
                        .filter(id -> id != leader)
                        .findAny());
        cluster.stop(follower);
        Writing.numbers(cluster, partition, 10, 10);
        for (Consumer<byte[], byte[]> consumer : consumers) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            Reading.take(consumer, 20);
        }
        cluster.stop(leader);
        cluster.start(follower);
        Await.until(
                "an unclean leader",
                Reading.PATIENCE,
                () -> cluster.leaderOf(partition).equals(OptionalInt.of(follower)));
        Writing.numbers(cluster, partition, 100, 15);
        cluster.start(leader);
    }

    @Test
    void aPositionBeyondATruncatedLogIsTakenBack() {
        TopicPartition partition = new TopicPartition("truncated", 0);
        try (Consumer<byte[], byte[]> earliest = assigned(Client.SUREFOOT, List.of(), Map.of())) {
            truncate(partition, List.of(earliest));
            List<ConsumerRecord<byte[], byte[]>> records = Reading.take(earliest, 15);
            assertThat(records.get(0).offset()).isEqualTo(10);
            assertThat(Reading.values(records)).startsWith("100", "101").endsWith("114");
        }
        cluster.awaitAllInSync();
    }

    @ParameterizedTest
    @EnumSource
    void withoutAResetATruncatedLogIsForTheApplicationToDecide(Client client) {
        TopicPartition partition = new TopicPartition("truncated-for-" + client, 0);
        try (Consumer<byte[], byte[]> none = assigned(client, List.of(), Map.of("auto.offset.reset", "none"))) {
            truncate(partition, List.of(none));
            LogTruncationException thrown = catchThrowableOfType(LogTruncationException.class, () -> {
                for (int i = 0; i < 200; i++) {
                    assertThat(none.poll(Reading.SHORT)).isEmpty();
                }
            });
            assertThat(thrown.offsetOutOfRangePartitions()).isEqualTo(Map.of(partition, 20L));
            OffsetAndMetadata agreed = thrown.divergentOffsets().get(partition);
            assertThat(agreed.offset()).isEqualTo(10);
            none.seek(partition, agreed);
            assertThat(Reading.values(Reading.take(none, 15))).startsWith("100").endsWith("114");
        }
        cluster.awaitAllInSync();
    }
}
