package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.gate.TcpGate;
import dev.surefoot.testkit.group.CommittedOffsetsLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LateCommitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A late one could undo a commit that was made after it. */
    @Test
    void aCommitThatWasReportedAsFailedDoesNotArriveLater() {
        try (KafkaCluster cluster = KafkaCluster.builder().gated().start()) {
            cluster.createTopic("late", 2, 1);
            TopicPartition partition = new TopicPartition("late", 0);
            TopicPartition other = new TopicPartition("late", 1);
            List.of(partition, other).forEach(each -> Writing.numbers(cluster, each, 0, 10));
            Map<String, Object> config = cluster.consumerConfig();
            config.put("group.id", "late");
            config.put("enable.auto.commit", "false");
            config.put("fetch.max.wait.ms", 100);
            config.put("request.timeout.ms", 1_000);
            config.put("default.api.timeout.ms", 60_000);
            try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(config)) {
                consumer.assign(List.of(partition, other));
                consumer.pause(consumer.assignment());
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1)));
                // From here on nothing but the commit awaits an answer.
                consumer.position(partition);
                consumer.position(other);

                TcpGate gate = cluster.gate(0);
                long endedBefore = ended(gate);
                gate.blackhole();
                List<Exception> failures = new ArrayList<>();
                consumer.commitAsync(
                        Map.of(partition, new OffsetAndMetadata(2)), (offsets, failure) -> failures.add(failure));
                Await.until("the commit to fail", PATIENCE, () -> {
                    consumer.poll(Duration.ofMillis(20));
                    return !failures.isEmpty();
                });
                assertThat(failures).doesNotContainNull();

                // The bytes that the gate holds are lost once it has seen the client's reset.
                Await.until("the commit's connection to end", PATIENCE, () -> ended(gate) > endedBefore);
                gate.open();
                consumer.commitSync(Map.of(other, new OffsetAndMetadata(3)));
                CommittedOffsetsLog log = CommittedOffsetsLog.read(cluster);
                assertThat(log.offsets("late", other)).containsExactly(3L);
                assertThat(log.offsets("late", partition)).containsExactly(1L);
            }
        }
    }

    private static long ended(TcpGate gate) {
        return gate.accepted() - gate.connections();
    }
}
