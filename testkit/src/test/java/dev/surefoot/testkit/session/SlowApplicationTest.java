package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConfig;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SlowApplicationTest {
    private static final long BOUND = 4L << 20;
    private static final int RECORDS = 8_000;

    @Test
    void aSlowApplicationCostsMemoryUpToTheBoundAndNoMore() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.withBrokers(2)) {
            // 64 MiB in all.
            Set<TopicPartition> partitions = SequencedTopic.create(cluster, "t", 8, RECORDS, 1_000);
            CheckedConsumer reader = CheckedConsumer.of(
                    cluster,
                    Map.of(SurefootConfig.BUFFER_BYTES_CONFIG, BOUND, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 200));
            AtomicLong most = new AtomicLong();
            Thread sampler = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    most.accumulateAndGet(reader.bufferedBytes(), Math::max);
                    Thread.onSpinWait();
                }
            });
            try (reader) {
                reader.assign(partitions);
                sampler.start();
                Await.until("read ahead", Duration.ofSeconds(20), () -> {
                    reader.poll();
                    return reader.bufferedBytes() > BOUND / 2;
                });
                reader.readTo(RECORDS);
            } finally {
                sampler.interrupt();
                sampler.join();
            }
            assertThat(most.get()).isGreaterThan(BOUND / 2).isLessThanOrEqualTo(BOUND);
            assertThat(reader.bufferedBytes()).as("held after the close").isZero();
        }
    }
}
