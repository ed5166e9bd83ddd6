package dev.surefoot.testkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/**
 * Records per second of {@code poll()} beside {@code KafkaConsumer}: same broker, same topic, same JVM, in turn, the cold round
 * apart. It asserts nothing about time and is no part of the build; run it by name.
 */
class ThroughputComparison {
    private static final int ROUNDS = Integer.getInteger("surefoot.rounds", 5);
    private static final int PARTITIONS = 6;

    @Test
    void poll() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.withBrokers(1)) {
            compare(cluster, "small", 10_000_000, 100);
            compare(cluster, "large", 2_000_000, 1024);
        }
    }

    private void compare(KafkaCluster cluster, String topic, int records, int bytes) throws Exception {
        cluster.createTopic(topic, PARTITIONS, 1);
        write(cluster, topic, records, bytes);
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false");
        ByteArrayDeserializer raw = new ByteArrayDeserializer();
        List<Double> kafka = new ArrayList<>();
        List<Double> surefoot = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            double theirs = rate(() -> new KafkaConsumer<>(config, raw, raw), topic, records);
            double ours = rate(() -> new SurefootConsumer<>(config, raw, raw), topic, records);
            String name = round == 0 ? "cold" : "round " + round;
            System.out.printf(
                    Locale.ROOT,
                    "%d x %d bytes, %s: KafkaConsumer %.2f M records/s (%.0f MB/s), Surefoot %.2f M records/s (%.0f MB/s), ratio %.2f%n",
                    records,
                    bytes,
                    name,
                    theirs / 1e6,
                    theirs * bytes / 1e6,
                    ours / 1e6,
                    ours * bytes / 1e6,
                    ours / theirs);
            if (round > 0) {
                kafka.add(theirs);
                surefoot.add(ours);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d x %d bytes, median of %d: KafkaConsumer %.2f M records/s, Surefoot %.2f M records/s, ratio %.2f%n",
                records,
                bytes,
                ROUNDS,
                median(kafka) / 1e6,
                median(surefoot) / 1e6,
                median(surefoot) / median(kafka));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static void write(KafkaCluster cluster, String topic, int records, int bytes) {
        byte[] value = new byte[bytes];
        new Random(1).nextBytes(value);
        Map<String, Object> config = new java.util.HashMap<>(cluster.producerConfig());
        config.putAll(Map.of("acks", "1", "linger.ms", "20", "batch.size", "131072", "enable.idempotence", "false"));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, value));
            }
        }
    }

    private static double rate(Supplier<Consumer<byte[], byte[]>> opening, String topic, int records) {
        long start = System.nanoTime();
        long read = 0;
        try (Consumer<byte[], byte[]> consumer = opening.get()) {
            consumer.assign(IntStream.range(0, PARTITIONS)
                    .mapToObj(p -> new TopicPartition(topic, p))
                    .toList());
            while (read < records) {
                read += consumer.poll(Duration.ofSeconds(1)).count();
            }
        }
        assertThat(read).isEqualTo(records);
        return records / ((System.nanoTime() - start) / 1e9);
    }
}
