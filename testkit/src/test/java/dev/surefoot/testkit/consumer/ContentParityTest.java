package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.consumer.Reading.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both consumers read the same records, byte by byte. */
class ContentParityTest {
    private static final int PARTITIONS = 3;

    private static Map<TopicPartition, List<Seen>> read(
            Client client, Map<String, Object> config, List<TopicPartition> partitions) {
        try (Consumer<byte[], byte[]> consumer = client.open(config)) {
            return Reading.everything(consumer, partitions);
        }
    }

    private static void assertSame(Map<String, Object> config, List<TopicPartition> partitions, String context) {
        Map<TopicPartition, List<Seen>> expected = read(Client.KAFKA, config, partitions);
        Map<TopicPartition, List<Seen>> actual = read(Client.SUREFOOT, config, partitions);
        partitions.forEach(partition -> {
            List<Seen> theirs = expected.get(partition);
            List<Seen> ours = actual.get(partition);
            assertThat(ours)
                    .as("number of records of %s, %s", partition, context)
                    .hasSameSizeAs(theirs);
            for (int i = 0; i < theirs.size(); i++) {
                assertThat(ours.get(i)).as(context).isEqualTo(theirs.get(i));
            }
        });
    }

    private static byte[] bytes(SplittableRandom random, int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        // Few different values, so that there is something to compress.
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(8);
        }
        return bytes;
    }

    private static ProducerRecord<byte[], byte[]> randomRecord(SplittableRandom random, String topic, int most) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                random.nextInt(PARTITIONS),
                random.nextInt(4) == 0 ? null : bytes(random, 20),
                random.nextInt(10) == 0 ? null : bytes(random, most));
        for (int headers = random.nextInt(8) - 5; headers > 0; headers--) {
            record.headers().add("h" + random.nextInt(3), random.nextInt(4) == 0 ? null : bytes(random, 10));
        }
        return record;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void everyCodecIsRead(String codec) {
        SplittableRandom random = new SplittableRandom(codec.hashCode());
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(PARTITIONS), PARTITIONS);
        String topic = partitions.get(0).topic();
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(
                OneBroker.cluster(), "compression.type", codec, "linger.ms", 20, "batch.size", 30_000)) {
            for (int most : List.of(10, 1000, 70_000)) {
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = 0; i < 20_000 / most + 20; i++) {
                    records.add(randomRecord(random, topic, most));
                }
                Writing.send(producer, records);
            }
        }
        assertSame(OneBroker.config(), partitions, codec);
        assertSame(OneBroker.config("check.crcs", false), partitions, codec);
        assertThat(texts(Client.SUREFOOT, partitions)).isEqualTo(texts(Client.KAFKA, partitions));
    }

    private static Map<Integer, List<String>> texts(Client client, List<TopicPartition> partitions) {
        try (Consumer<String, String> consumer =
                client.open(OneBroker.config(), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions);
            int count = consumer.endOffsets(partitions).values().stream()
                    .mapToInt(Long::intValue)
                    .sum();
            return Reading.take(consumer, count).stream()
                    .collect(Collectors.groupingBy(
                            ConsumerRecord::partition,
                            Collectors.mapping(record -> record.key() + "=" + record.value(), Collectors.toList())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read_committed", "read_uncommitted"})
    void transactionsAreReadAlike(String isolation) {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(PARTITIONS), PARTITIONS);
        String topic = partitions.get(0).topic();
        List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> plain = Writing.producer(OneBroker.cluster())) {
            for (int i = 0; i < 3; i++) {
                KafkaProducer<byte[], byte[]> producer =
                        Writing.producer(OneBroker.cluster(), "transactional.id", topic + i, "linger.ms", 0);
                producer.initTransactions();
                producer.beginTransaction();
                producers.add(producer);
            }
            for (int step = 0; step < 120; step++) {
                KafkaProducer<byte[], byte[]> producer = producers.get(random.nextInt(producers.size()));
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = random.nextInt(20); i >= 0; i--) {
                    records.add(randomRecord(random, topic, 100));
                }
                Writing.send(random.nextInt(5) == 0 ? plain : producer, records);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        producer.commitTransaction();
                        producer.beginTransaction();
                    }
                    case 1 -> {
                        producer.abortTransaction();
                        producer.beginTransaction();
                    }
                    default -> {}
                }
            }
            Writing.send(producers.get(0), List.of(new ProducerRecord<>(topic, 0, null, new byte[] {1})));
            Map<String, Object> config =
                    OneBroker.config("isolation.level", isolation, "max.partition.fetch.bytes", 700);
            assertSame(config, partitions, "seed " + seed);
            assertSame(OneBroker.config("isolation.level", isolation), partitions, "seed " + seed);
        } finally {
            producers.forEach(producer -> producer.close(Duration.ZERO));
        }
    }

    @Test
    void anOpenTransactionIsReadOnceItIsCommitted() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        try (Consumer<byte[], byte[]> consumer =
                        Client.SUREFOOT.open(OneBroker.config("isolation.level", "read_committed"));
                KafkaProducer<byte[], byte[]> producer =
                        Writing.producer(OneBroker.cluster(), "transactional.id", OneBroker.unusedName())) {
            producer.initTransactions();
            consumer.assign(List.of(partition));
            producer.beginTransaction();
            Writing.send(producer, Writing.numbered(partition, 0, 5));
            assertThat(consumer.poll(Reading.SHORT)).isEmpty();
            assertThat(consumer.endOffsets(List.of(partition))).isEqualTo(Map.of(partition, 0L));
            producer.commitTransaction();
            assertThat(Reading.values(Reading.take(consumer, 5))).containsExactly("0", "1", "2", "3", "4");
            producer.beginTransaction();
            Writing.send(producer, Writing.numbered(partition, 5, 5));
            producer.abortTransaction();
            Await.until("the abort was passed", Reading.PATIENCE, () -> {
                assertThat(consumer.poll(Reading.SHORT)).isEmpty();
                return consumer.position(partition) == 12;
            });
            assertThat(consumer.currentLag(partition)).hasValue(0);
        }
    }

    @Test
    void aCompactedTopicIsReadWithItsGaps() {
        String topic = OneBroker.topic(
                PARTITIONS,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.01",
                        "min.compaction.lag.ms", "0"));
        List<TopicPartition> partitions = OneBroker.partitions(topic, PARTITIONS);
        try (KafkaProducer<byte[], byte[]> producer =
                Writing.producer(OneBroker.cluster(), "linger.ms", 20, "compression.type", "lz4")) {
            for (int round = 0; round < 4; round++) {
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    byte[] key = {(byte) (i % 37)};
                    records.add(new ProducerRecord<>(topic, i % PARTITIONS, key, new byte[50]));
                }
                Writing.send(producer, records);
            }
            Await.until("compaction", Reading.PATIENCE, () -> {
                Writing.send(producer, List.of(new ProducerRecord<>(topic, 0, new byte[] {99}, new byte[5])));
                return read(Client.KAFKA, OneBroker.config(), partitions)
                                .get(partitions.get(0))
                                .size()
                        < 300;
            });
        }
        assertSame(OneBroker.config(), partitions, "compacted");
        assertSame(OneBroker.config("max.partition.fetch.bytes", 200), partitions, "compacted, in small fetches");
    }

    @Test
    @Tag("thorough")
    void manyRecordsOfRandomSizesAreTheSame() {
        long seed = 300_000;
        SplittableRandom random = new SplittableRandom(seed);
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(PARTITIONS), PARTITIONS);
        String topic = partitions.get(0).topic();
        try (KafkaProducer<byte[], byte[]> producer =
                Writing.producer(OneBroker.cluster(), "linger.ms", 5, "batch.size", 50_000)) {
            for (int chunk = 0; chunk < 30; chunk++) {
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = 0; i < 10_000; i++) {
                    records.add(randomRecord(random, topic, 1 << random.nextInt(9)));
                }
                Writing.send(producer, records);
            }
        }
        assertSame(OneBroker.config(), partitions, "seed " + seed);
        assertSame(OneBroker.config("enable.incremental.fetch.sessions", false), partitions, "no session, " + seed);
    }
}
