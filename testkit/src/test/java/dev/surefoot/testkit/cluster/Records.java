package dev.surefoot.testkit.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Numbered records, written and read back with Kafka's own clients. */
final class Records {

    private Records() {}

    static void write(KafkaCluster cluster, String topic, int first, int count)
            throws ExecutionException, InterruptedException {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(cluster.producerConfig())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = first; i < first + count; i++) {
                sent.add(producer.send(
                        new ProducerRecord<>(topic, Integer.toString(i).getBytes(UTF_8))));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    /** The numbers found in the topic, in ascending order. */
    static List<Integer> read(KafkaCluster cluster, String topic, int count) {
        return read(cluster, topic, count, Map.of());
    }

    static List<Integer> read(KafkaCluster cluster, String topic, int count, Map<String, Object> options) {
        Map<String, Object> config = cluster.consumerConfig();
        config.putAll(options);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList());
            List<Integer> numbers = new ArrayList<>();
            Await.until(count + " records of " + topic, Duration.ofSeconds(30), () -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> numbers.add(Integer.parseInt(new String(record.value(), UTF_8))));
                return numbers.size() >= count;
            });
            return numbers.stream().sorted().toList();
        }
    }
}
