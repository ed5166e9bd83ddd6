package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.FetchReport;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private static final int RECORDS = 3_000;

    @Test
    void aThrottledConsumerReadsOnSlowlyInItsSession() throws Exception {
        try (KafkaCluster cluster =
                KafkaCluster.builder().brokerConfig("quota.window.num", "2").start()) {
            // Before the topic: a broker applies metadata in order, so one that serves the topic applies the quota too.
            cluster.admin()
                    .alterClientQuotas(List.of(new ClientQuotaAlteration(
                            new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "slow")),
                            List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", 300_000.0)))))
                    .all()
                    .get();
            Set<TopicPartition> partitions = SequencedTopic.create(cluster, "t", 2, RECORDS, 200);
            try (CheckedConsumer reader = CheckedConsumer.of(
                    cluster,
                    Map.of(
                            ConsumerConfig.CLIENT_ID_CONFIG,
                            "slow",
                            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                            100_000))) {
                long start = System.nanoTime();
                reader.assign(partitions);
                reader.readTo(RECORDS);

                double seconds = (System.nanoTime() - start) / 1e9;
                FetchReport report = reader.report();
                assertThat(report.responseBytes() / seconds)
                        .as("bytes a second in %s s, %s", seconds, report)
                        .isLessThan(600_000);
                assertThat(report.sessionsOpened()).as("%s", report).isEqualTo(1);
                assertThat(report.fullFetches()).as("%s", report).isEqualTo(1);
                assertThat(report.refusedFetches() + report.mismatchedFetches() + report.failedFetches())
                        .as("%s", report)
                        .isZero();
            }
        }
    }
}
