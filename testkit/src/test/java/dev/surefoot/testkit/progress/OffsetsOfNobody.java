package dev.surefoot.testkit.progress;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records in the log of a cluster's groups that a coordinator has to read, and that change nothing. */
final class OffsetsOfNobody {
    private static final String OFFSETS = "__consumer_offsets";

    /** The version of a key that names a group, a topic and a partition. */
    private static final short OFFSET_COMMIT = 1;

    private OffsetsOfNobody() {}

    /** Writes that the offset of a group was deleted, which it never had. The log has one partition. */
    static void write(KafkaCluster cluster, int records) {
        byte[] name = "nobody".getBytes(StandardCharsets.UTF_8);
        Map<String, Object> config = new HashMap<>(cluster.producerConfig());
        // Others than the client of this name may not write to the internal topics.
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "__admin_client");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        config.put(ProducerConfig.ACKS_CONFIG, "1");
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 16_000);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
            for (int i = 0; i < records; i++) {
                byte[] key = ByteBuffer.allocate(2 + 2 + name.length + 2 + name.length + 4)
                        .putShort(OFFSET_COMMIT)
                        .putShort((short) name.length)
                        .put(name)
                        .putShort((short) name.length)
                        .put(name)
                        .putInt(i)
                        .array();
                producer.send(new ProducerRecord<>(OFFSETS, 0, key, null));
            }
        }
    }
}
