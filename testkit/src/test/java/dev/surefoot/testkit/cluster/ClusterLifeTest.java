package dev.surefoot.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClusterLifeTest {

    @Test
    void aClosedClusterLeavesNoFolderAndNoThreadThatKeepsTheJvmAlive() throws Exception {
        Set<Thread> before = threadsThatKeepTheJvmAlive();
        KafkaCluster cluster = KafkaCluster.withBrokers(2);
        cluster.createTopic("left", 2, 2);
        Records.write(cluster, "left", 0, 10);
        assertThat(cluster.folder()).isDirectory();

        cluster.close();
        cluster.close();

        assertThat(cluster.folder()).doesNotExist();
        Await.until("no thread left", Duration.ofSeconds(10), () -> {
            Set<Thread> left = new HashSet<>(threadsThatKeepTheJvmAlive());
            left.removeAll(before);
            return left.isEmpty();
        });
    }

    @Test
    void aClusterWithABadOptionFailsToStartAndSaysWhy() {
        KafkaClusterBuilder builder = KafkaCluster.builder().brokerConfig("num.io.threads", "none");
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("num.io.threads");
    }

    @Test
    void anOptionForABrokerThatDoesNotExistIsRefused() {
        KafkaClusterBuilder builder = KafkaCluster.builder().brokerConfig(1, "broker.rack", "east");
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("broker 1");
        assertThatThrownBy(() -> builder.brokers(4)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Set<Thread> threadsThatKeepTheJvmAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .collect(Collectors.toSet());
    }
}
