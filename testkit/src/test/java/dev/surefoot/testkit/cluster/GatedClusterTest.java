package dev.surefoot.testkit.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.gate.TcpGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class GatedClusterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KafkaCluster cluster;

    @BeforeAll
    void start() {
        cluster = KafkaCluster.builder().brokers(2).gated().start();
    }

    @AfterEach
    void lift() {
        cluster.brokerIds().forEach(id -> cluster.gate(id).open());
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    void clientsReachEveryBrokerThroughItsGateOnly() throws Exception {
        cluster.createTopic("gated", 2, 1);
        long before = cluster.gate(0).bytesToBroker() + cluster.gate(1).bytesToBroker();
        Records.write(cluster, "gated", 0, 100);
        assertThat(Records.read(cluster, "gated", 100)).hasSize(100);
        assertThat(cluster.gate(0).bytesToBroker() + cluster.gate(1).bytesToBroker())
                .isGreaterThan(before + 200);
        assertThat(cluster.bootstrapServers())
                .isEqualTo("127.0.0.1:" + cluster.gate(0).port() + ",127.0.0.1:"
                        + cluster.gate(1).port());
    }

    @Test
    void theClustersOwnOperationsDoNotPassGates() {
        cluster.brokerIds().forEach(id -> cluster.gate(id).blackhole());
        cluster.createTopic("ungated", 2, 2);
        cluster.awaitInSync("ungated");
        assertThat(cluster.leaderOf(new TopicPartition("ungated", 1))).isPresent();
    }

    @Test
    void aConsumerReadsEverythingThoughItsConnectionsAreCutAndBreakOffInMidAnswer() throws Exception {
        cluster.createTopic("broken", 1, 2);
        TopicPartition partition = new TopicPartition("broken", 0);
        Records.write(cluster, "broken", 0, 2_000);
        TcpGate gate = cluster.gate(cluster.leaderOf(partition).getAsInt());
        Map<String, Object> config = cluster.consumerConfig();
        config.put("max.poll.records", 100);
        config.put("max.partition.fetch.bytes", 4_000);
        List<Integer> numbers = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            consumer.assign(Set.of(partition));
            Await.until("all records", PATIENCE, () -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> numbers.add(Integer.parseInt(new String(record.value(), UTF_8))));
                if (numbers.size() % 400 == 0) {
                    gate.cut();
                } else if (numbers.size() % 400 == 200) {
                    gate.closeAfter(1_000);
                }
                return numbers.size() >= 2_000;
            });
        }
        assertThat(numbers).isEqualTo(IntStream.range(0, 2_000).boxed().toList());
    }

    @Test
    void aRestartedBrokerIsReachedThroughTheSameGate() throws ExecutionException, InterruptedException {
        cluster.createTopic("returned", 1, 1);
        Records.write(cluster, "returned", 0, 10);
        int leader = cluster.leaderOf(new TopicPartition("returned", 0)).getAsInt();
        cluster.kill(leader);
        cluster.start(leader);
        Records.write(cluster, "returned", 10, 10);
        assertThat(Records.read(cluster, "returned", 20))
                .isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void aClusterBuiltWithoutGatesSaysSo() {
        try (KafkaCluster plain = KafkaCluster.withBrokers(1)) {
            assertThatThrownBy(() -> plain.gate(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("gated()");
        }
    }
}
