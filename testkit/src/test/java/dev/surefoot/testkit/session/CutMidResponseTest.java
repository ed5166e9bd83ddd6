package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.gate.TcpGate;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CutMidResponseTest {
    private static final int CUTS = 300;
    private static final int RECORDS = 5_000;

    @Test
    void aConnectionThatBreaksInTheMiddleOfAnAnswerCostsNoRecordAndNoMemory() {
        long seed = Long.getLong("surefoot.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        try (KafkaCluster cluster = KafkaCluster.builder().gated().start()) {
            Set<TopicPartition> partitions = SequencedTopic.create(cluster, "t", 4, RECORDS, 200);
            TcpGate gate = cluster.gate(0);
            CheckedConsumer reader = CheckedConsumer.of(
                    cluster,
                    Map.of(
                            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 20_000,
                            // A cut may hit the connection for metadata, which is made anew only when it is needed.
                            ConsumerConfig.METADATA_MAX_AGE_CONFIG, 20,
                            ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG, 1,
                            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5,
                            ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 5,
                            ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 20,
                            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20));
            try (reader) {
                reader.assign(partitions);
                reader.pollUntil("the first records", () -> reader.checker.deliveredCount() > 0);
                for (int cut = 0; cut < CUTS; cut++) {
                    long accepted = gate.accepted();
                    gate.closeAfter(random.nextInt(1, 60_000));
                    reader.pollUntil("a new connection after cut " + cut, () -> {
                        rewind(reader, partitions);
                        return gate.accepted() > accepted;
                    });
                }
                gate.open();
                partitions.forEach(partition -> reader.seek(partition, 0));
                reader.readTo(RECORDS);
                assertThat(reader.report().failedFetches()).isGreaterThan(CUTS / 2);
                assertThat(reader.report().mismatchedFetches()).isZero();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            assertThat(reader.bufferedBytes())
                    .as("held after the close, seed %d", seed)
                    .isZero();
        }
    }

    /** Keeps answers large: a partition read to its end starts over. */
    private static void rewind(CheckedConsumer reader, Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (reader.checker.next(partition) == RECORDS) {
                reader.seek(partition, 0);
            }
        }
    }
}
