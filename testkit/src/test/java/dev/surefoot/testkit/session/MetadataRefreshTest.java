package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.FetchReport;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * The conditions under which kafka-python 2.1.3 stopped for ever: sessions on, small partition fetches, and
 * metadata asked for over and over.
 */
class MetadataRefreshTest {
    private static final int PARTITIONS = 8;
    private static final int PER_PARTITION = 10_000;

    @Test
    void metadataRefreshesNeverTouchTheSession() {
        try (KafkaCluster cluster = KafkaCluster.withBrokers(2)) {
            Set<TopicPartition> partitions = SequencedTopic.create(cluster, "t", PARTITIONS, PER_PARTITION, 200);
            int leaders = (int) partitions.stream()
                    .map(partition -> cluster.leaderOf(partition).orElseThrow())
                    .distinct()
                    .count();
            try (CheckedConsumer reader = CheckedConsumer.of(
                    cluster,
                    Map.of(
                            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 20_000,
                            ConsumerConfig.METADATA_MAX_AGE_CONFIG, 50,
                            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1))) {
                reader.consumer.partitionsFor("t");
                reader.assign(partitions);
                reader.pollUntil("everything read", () -> {
                    reader.consumer.partitionsFor("t");
                    return reader.checker.allAt(PER_PARTITION);
                });

                // An error of one partition, and the refresh it calls for, are no reason to touch the others' sessions.
                TopicPartition moving = new TopicPartition("t", 0);
                int away = 1 - cluster.leaderOf(moving).orElseThrow();
                cluster.moveLeader(moving, away);
                SequencedTopic.append(cluster, "t", PARTITIONS, PER_PARTITION, PER_PARTITION + 10, 200);
                reader.pollUntil("the rest read in a few thousand fetches", () -> {
                    reader.consumer.partitionsFor("t");
                    return reader.checker.allAt(PER_PARTITION + 10) && reader.fetches() > 3_000;
                });

                FetchReport report = reader.report();
                assertThat(report.sessionsOpened()).isEqualTo(leaders).isEqualTo(2);
                assertThat(report.fullFetches()).isEqualTo(leaders);
                assertThat(report.refusedFetches()).isZero();
                assertThat(report.mismatchedFetches()).isZero();
                assertThat(report.doubtedPartitions()).isZero();
                assertThat(report.failedFetches()).isZero();
            }
        }
    }
}
