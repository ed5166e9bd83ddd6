package dev.surefoot.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class SingleBrokerTest {

    private KafkaCluster cluster;

    @BeforeAll
    void start() {
        cluster = KafkaCluster.withBrokers(1);
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    void whatWasProducedIsConsumed() throws Exception {
        cluster.createTopic("plain", 3, 1);
        Records.write(cluster, "plain", 0, 100);
        assertThat(Records.read(cluster, "plain", 100))
                .isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void recordsAndAddressOutliveAnOrderlyRestart() throws Exception {
        cluster.createTopic("stopped", 1, 1);
        Records.write(cluster, "stopped", 0, 10);
        String address = cluster.bootstrapServers();
        cluster.restart(0);
        Records.write(cluster, "stopped", 10, 10);
        assertThat(cluster.bootstrapServers()).isEqualTo(address);
        assertThat(Records.read(cluster, "stopped", 20))
                .isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void recordsOutliveAKilledBroker() throws Exception {
        cluster.createTopic("killed", 1, 1);
        Records.write(cluster, "killed", 0, 10);
        cluster.kill(0);
        assertThat(cluster.isRunning(0)).isFalse();
        cluster.start(0);
        Records.write(cluster, "killed", 10, 10);
        assertThat(Records.read(cluster, "killed", 20))
                .isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void aDeletedTopicCanBeCreatedAnew() throws Exception {
        cluster.createTopic("again", 1, 1);
        Records.write(cluster, "again", 0, 10);
        cluster.deleteTopic("again");
        cluster.createTopic("again", 2, 1);
        Records.write(cluster, "again", 100, 1);
        assertThat(Records.read(cluster, "again", 1)).containsExactly(100);
    }
}
