package dev.surefoot.testkit.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class ThreeBrokersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KafkaCluster cluster;

    @BeforeAll
    void start() {
        cluster = KafkaCluster.builder()
                .brokers(3)
                .brokerConfig("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector")
                .brokerConfig(0, "broker.rack", "west")
                .brokerConfig(1, "broker.rack", "east")
                .brokerConfig(2, "broker.rack", "north")
                .start();
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    @Tag("thorough")
    void acknowledgedRecordsOutliveTheLossOfEachBrokerInTurn() throws Exception {
        cluster.createTopic("survivor", 3, 3);
        int next = 0;
        for (int broker : cluster.brokerIds()) {
            cluster.kill(broker);
            Records.write(cluster, "survivor", next, 50);
            cluster.start(broker);
            cluster.awaitInSync("survivor");
            cluster.stop(broker);
            Records.write(cluster, "survivor", next + 50, 50);
            cluster.start(broker);
            cluster.awaitInSync("survivor");
            next += 100;
        }
        assertThat(Records.read(cluster, "survivor", next))
                .isEqualTo(IntStream.range(0, next).boxed().toList());
        assertThat(cluster.faults()).isEmpty();
    }

    @Test
    void leadershipLeavesAKilledBrokerAndCanBeElectedBack() {
        cluster.createTopic("led", 1, 3);
        TopicPartition partition = new TopicPartition("led", 0);
        int first = cluster.leaderOf(partition).getAsInt();
        cluster.kill(first);
        Await.until(
                "another leader", PATIENCE, () -> cluster.leaderOf(partition).orElse(first) != first);
        cluster.start(first);
        cluster.awaitInSync("led");
        assertThat(cluster.leaderOf(partition).getAsInt()).isNotEqualTo(first);
        cluster.electPreferredLeaders();
        Await.until(
                "the first leader again",
                PATIENCE,
                () -> cluster.leaderOf(partition).orElse(-1) == first);
        cluster.awaitAllInSync();
    }

    @Test
    void aLeaderMovesWhereItIsTold() {
        cluster.createTopic("moved", 2, 3);
        TopicPartition partition = new TopicPartition("moved", 1);
        for (int broker : List.of(2, 0, 1)) {
            cluster.moveLeader(partition, broker);
            assertThat(cluster.leaderOf(partition)).hasValue(broker);
        }
    }

    @Test
    void aLeaderDoesNotMoveToABrokerWithoutAReplica() {
        cluster.createTopic("unmoved", 1, 1);
        TopicPartition partition = new TopicPartition("unmoved", 0);
        int other = (cluster.leaderOf(partition).getAsInt() + 1) % 3;
        assertThatThrownBy(() -> cluster.moveLeader(partition, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no replica of unmoved-0");
    }

    @Test
    void aConsumersFetchSessionIsCountedUntilItIsClosed() {
        cluster.createTopic("watched", 1, 3);
        TopicPartition partition = new TopicPartition("watched", 0);
        int leader = cluster.leaderOf(partition).getAsInt();
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(cluster.consumerConfig())) {
            consumer.assign(Set.of(partition));
            awaitConsumerSession(consumer, leader, 1);
            assertThat(cluster.fetchSessions(leader).followers()).isPositive();
        }
        Await.until(
                "session closed", PATIENCE, () -> cluster.fetchSessions(leader).consumers() == 0);
    }

    @Test
    void aConsumerInARackFetchesFromTheFollowerThere() throws Exception {
        cluster.createTopic("racked", 1, 3);
        TopicPartition partition = new TopicPartition("racked", 0);
        cluster.moveLeader(partition, 0);
        cluster.awaitInSync("racked");
        Records.write(cluster, "racked", 0, 10);
        Map<String, Object> config = cluster.consumerConfig();
        config.put("client.rack", "east");
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            consumer.assign(Set.of(partition));
            awaitConsumerSession(consumer, 1, 1);
        }
        Await.until("session closed", PATIENCE, () -> cluster.fetchSessions(1).consumers() == 0);
    }

    @Test
    void anAbortedTransactionIsNotReadCommitted() throws Exception {
        cluster.createTopic("transacted", 1, 3);
        Map<String, Object> config = cluster.producerConfig();
        config.put("transactional.id", "testkit");
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transacted", "1".getBytes(UTF_8)));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transacted", "2".getBytes(UTF_8)));
            producer.commitTransaction();
        }
        assertThat(Records.read(cluster, "transacted", 1, Map.of("isolation.level", "read_committed")))
                .containsExactly(2);
    }

    @Test
    void anUnknownBrokerIsNamed() {
        assertThatThrownBy(() -> cluster.stop(7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("No broker 7");
        assertThat(cluster.brokerIds()).containsExactly(0, 1, 2);
    }

    private void awaitConsumerSession(Consumer<byte[], byte[]> consumer, int broker, int count) {
        Await.until("a session on broker " + broker, PATIENCE, () -> {
            consumer.poll(Duration.ofMillis(50));
            return cluster.fetchSessions(broker).consumers() == count;
        });
    }
}
