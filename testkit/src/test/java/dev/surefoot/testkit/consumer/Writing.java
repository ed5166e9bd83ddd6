package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Writes records with Kafka's own producer and returns when they are acknowledged. */
final class Writing {
    private Writing() {}

    /** A producer with these options, given as key, value, key, value. */
    static KafkaProducer<byte[], byte[]> producer(KafkaCluster cluster, Object... options) {
        Map<String, Object> config = new HashMap<>(cluster.producerConfig());
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return new KafkaProducer<>(config);
    }

    /** Writes values "first" to "first + count - 1". */
    static void numbers(KafkaCluster cluster, TopicPartition partition, int first, int count) {
        try (KafkaProducer<byte[], byte[]> producer = producer(cluster)) {
            send(producer, numbered(partition, first, count));
        }
    }

    static List<ProducerRecord<byte[], byte[]>> numbered(TopicPartition partition, int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(number -> record(partition, Integer.toString(number)))
                .toList();
    }

    static ProducerRecord<byte[], byte[]> record(TopicPartition partition, String value) {
        return new ProducerRecord<>(partition.topic(), partition.partition(), null, value.getBytes(UTF_8));
    }

    /** Writes values of so many zero bytes, one batch each. */
    static void blocks(KafkaCluster cluster, Collection<TopicPartition> partitions, int count, int bytes) {
        byte[] value = new byte[bytes];
        Arrays.fill(value, (byte) 1);
        try (KafkaProducer<byte[], byte[]> producer =
                producer(cluster, "batch.size", 1, "max.request.size", 20_000_000, "buffer.memory", 40_000_000L)) {
            for (int i = 0; i < count; i++) {
                send(
                        producer,
                        partitions.stream()
                                .map(partition -> new ProducerRecord<byte[], byte[]>(
                                        partition.topic(), partition.partition(), null, value))
                                .toList());
            }
        }
    }

    static void send(KafkaProducer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        records.forEach(record -> sent.add(producer.send(record)));
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            acknowledged(one);
        }
    }

    private static void acknowledged(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (Exception e) {
            throw new IllegalStateException("A record could not be written", e);
        }
    }
}
