package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class FirstLightTest {
    @Test
    void readsAll() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.withBrokers(1)) {
            cluster.createTopic("t", 6, 1);
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    cluster.producerConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int i = 0; i < 60_000; i++) {
                    producer.send(new ProducerRecord<>("t", i % 6, null, new byte[200]));
                }
                producer.flush();
            }
            Map<String, Object> config = new HashMap<>();
            config.put("bootstrap.servers", cluster.bootstrapServers());
            config.put("auto.offset.reset", "earliest");
            config.put("metadata.max.age.ms", "300");
            config.put("max.partition.fetch.bytes", "20000");
            try (SurefootConsumer<byte[], byte[]> consumer =
                    new SurefootConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                List<TopicPartition> partitions = consumer.partitionsFor("t").stream()
                        .map(p -> new TopicPartition(p.topic(), p.partition()))
                        .toList();
                consumer.assign(partitions);
                Map<TopicPartition, Long> next = new HashMap<>();
                int count = 0;
                long end = System.nanoTime() + 30_000_000_000L;
                while (count < 60_000 && System.nanoTime() < end) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        TopicPartition tp = new TopicPartition(record.topic(), record.partition());
                        assertThat(record.offset()).isEqualTo(next.getOrDefault(tp, 0L));
                        next.put(tp, record.offset() + 1);
                        count++;
                    }
                    consumer.partitionsFor("t");
                }
                System.out.println(consumer.fetchReport());
                assertThat(count).isEqualTo(60_000);
            }
        }
    }
}
