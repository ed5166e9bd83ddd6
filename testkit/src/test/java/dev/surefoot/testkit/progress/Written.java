package dev.surefoot.testkit.progress;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What the topics of these tests hold. */
final class Written {
    private Written() {}

    /** Writes records of one size to a partition. */
    static void to(KafkaCluster cluster, TopicPartition partition, int records, int bytes)
            throws InterruptedException, ExecutionException {
        to(cluster, partition, records, bytes, Map.of());
    }

    static void to(KafkaCluster cluster, TopicPartition partition, int records, int bytes, Map<String, Object> options)
            throws InterruptedException, ExecutionException {
        Map<String, Object> config = new HashMap<>(cluster.producerConfig());
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 20_000_000);
        config.putAll(options);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
            for (int i = 0; i < records; i++) {
                var sent = producer.send(record(partition, bytes));
                if (i == records - 1) {
                    sent.get();
                }
            }
        }
    }

    static ProducerRecord<byte[], byte[]> record(TopicPartition partition, int bytes) {
        return new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[bytes]);
    }
}
