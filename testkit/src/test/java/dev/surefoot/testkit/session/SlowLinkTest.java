package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.gate.TcpGate;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A link that cannot carry a whole answer within the request's timeout is asked for less. */
class SlowLinkTest {
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 800;
    private static final int RECORD_BYTES = 1_000;
    private static final long LINK_BYTES_PER_SECOND = 1_000_000;

    @Test
    void allRecordsComeOverALinkThatIsTooSlowForWhatIsAskedForAtFirst() {
        try (KafkaCluster cluster = KafkaCluster.builder().gated().start()) {
            Set<TopicPartition> partitions = SequencedTopic.create(cluster, "t", PARTITIONS, RECORDS, RECORD_BYTES);
            TcpGate gate = cluster.gate(0);
            gate.throttle(LINK_BYTES_PER_SECOND);
            CheckedConsumer reader =
                    CheckedConsumer.of(cluster, Map.of(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000));
            try (reader) {
                reader.assign(partitions);
                reader.readTo(RECORDS);
                long failed = reader.report().failedFetches();
                assertThat(failed).as("fetches that were too large").isBetween(1L, 6L);
                gate.open();
            }
            long payload = (long) PARTITIONS * RECORDS * RECORD_BYTES;
            assertThat(gate.bytesToClient()).as("carried in all").isLessThan(3 * payload);
        }
    }
}
