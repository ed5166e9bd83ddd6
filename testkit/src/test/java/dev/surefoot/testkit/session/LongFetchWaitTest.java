package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.FetchReport;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker may hold a fetch back for longer than an answer may take, and longer than a connection may be idle. */
@Timeout(90)
@Tag("thorough")
class LongFetchWaitTest {

    @Test
    void noFetchFailsAndTheSessionHolds() {
        try (KafkaCluster cluster = KafkaCluster.withBrokers(1)) {
            cluster.createTopic("t", 1, 1);
            Map<String, Object> config = cluster.consumerConfig();
            config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 4_000);
            config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
            config.put(ConsumerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG, 1_000L);
            try (SurefootConsumer<byte[], byte[]> consumer = new SurefootConsumer<>(config)) {
                consumer.assign(List.of(new TopicPartition("t", 0)));
                Await.until("three fetches of the session", Duration.ofSeconds(60), () -> {
                    consumer.poll(Duration.ofMillis(50));
                    assertThat(consumer.fetchReport().failedFetches()).isZero();
                    return consumer.fetchReport().incrementalFetches() >= 3;
                });
                FetchReport report = consumer.fetchReport();
                assertThat(report.sessionsOpened()).as("%s", report).isEqualTo(1);
                assertThat(report.refusedFetches()).as("%s", report).isZero();
            }
        }
    }
}
