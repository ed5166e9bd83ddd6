package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.surefoot.testkit.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record is the same whoever reads it. */
class RecordsContractTest {
    private static TopicPartition newPartition() {
        return new TopicPartition(OneBroker.topic(1), 0);
    }

    private static Consumer<byte[], byte[]> assigned(Client client, TopicPartition... partitions) {
        Consumer<byte[], byte[]> consumer = client.open(OneBroker.config());
        consumer.assign(List.of(partitions));
        return consumer;
    }

    @ParameterizedTest
    @EnumSource
    void keysValuesAndHeadersMayBeMissing(Client client) {
        TopicPartition partition = newPartition();
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            ProducerRecord<byte[], byte[]> headed = new ProducerRecord<>(
                    partition.topic(), 0, 5L + System.currentTimeMillis(), new byte[0], new byte[0]);
            headed.headers().add("a", new byte[] {1}).add("b", null).add("a", new byte[0]);
            Writing.send(
                    producer,
                    List.of(
                            new ProducerRecord<>(partition.topic(), 0, null, null),
                            new ProducerRecord<>(partition.topic(), 0, "k".getBytes(UTF_8), null),
                            headed));
        }
        try (Consumer<byte[], byte[]> consumer = assigned(client, partition)) {
            List<ConsumerRecord<byte[], byte[]>> records = Reading.take(consumer, 3);
            assertThat(records.get(0).key()).isNull();
            assertThat(records.get(0).value()).isNull();
            assertThat(records.get(0).serializedKeySize()).isEqualTo(ConsumerRecord.NULL_SIZE);
            assertThat(records.get(0).headers()).isEmpty();
            assertThat(records.get(1).key()).isEqualTo("k".getBytes(UTF_8));
            Headers headers = records.get(2).headers();
            assertThat(records.get(2).value()).isEmpty();
            assertThat(records.get(2).serializedValueSize()).isZero();
            assertThat(headers.toArray()).extracting(Header::key).containsExactly("a", "b", "a");
            assertThat(headers.lastHeader("a").value()).isEmpty();
            assertThat(headers.lastHeader("b").value()).isNull();
            assertThat(headers.lastHeader("c")).isNull();
            assertThat(headers.headers("a")).hasSize(2);
            assertThat(headers.remove("a").add("c", new byte[1]).toArray()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timestampsAndEpochsAreThoseOfTheTopic(Client client) {
        TopicPartition created = newPartition();
        TopicPartition appended =
                new TopicPartition(OneBroker.topic(1, Map.of("message.timestamp.type", "LogAppendTime")), 0);
        long before = System.currentTimeMillis();
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            for (TopicPartition partition : List.of(created, appended)) {
                Writing.send(
                        producer,
                        List.of(new ProducerRecord<>(partition.topic(), 0, before - 1000, null, new byte[1])));
            }
        }
        try (Consumer<byte[], byte[]> consumer = assigned(client, created)) {
            ConsumerRecord<byte[], byte[]> record = Reading.take(consumer, 1).get(0);
            assertThat(record.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
            assertThat(record.timestamp()).isEqualTo(before - 1000);
            assertThat(record.leaderEpoch()).contains(0);
            consumer.assign(List.of(appended));
            record = Reading.take(consumer, 1).get(0);
            assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            assertThat(record.timestamp()).isBetween(before, System.currentTimeMillis());
        }
    }

    @Test
    void theNextOffsetsAreThoseOfKafka() {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(2), 2);
        try (KafkaProducer<byte[], byte[]> producer =
                Writing.producer(OneBroker.cluster(), "transactional.id", OneBroker.unusedName())) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                partitions.forEach(partition -> Writing.send(producer, Writing.numbered(partition, 0, 4)));
                if (i == 2 || i >= 4) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        Map<String, Object> config = OneBroker.config("isolation.level", "read_committed", "max.poll.records", 7);
        Map<TopicPartition, Long> ends = endsOnceMarked(partitions, config, 30);
        List<Map<TopicPartition, OffsetAndMetadata>> last = new ArrayList<>();
        for (Client client : Client.values()) {
            Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
            try (Consumer<byte[], byte[]> consumer = client.open(config)) {
                consumer.assign(partitions);
                Await.until("the ends", Reading.PATIENCE, () -> {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(Reading.SHORT);
                    assertThat(records.count()).isLessThanOrEqualTo(7);
                    records.nextOffsets().forEach((partition, offset) -> {
                        assertThat(offset.offset()).isEqualTo(consumer.position(partition));
                        next.put(partition, offset);
                    });
                    return partitions.stream().allMatch(p -> consumer.position(p) >= ends.get(p));
                });
            }
            last.add(next);
        }
        assertThat(last.get(1)).isEqualTo(last.get(0)).hasSize(2);
    }

    /** Markers are written after the producer was told that its transaction has ended: the end may come later. */
    private static Map<TopicPartition, Long> endsOnceMarked(
            List<TopicPartition> partitions, Map<String, Object> config, long end) {
        try (Consumer<byte[], byte[]> consumer = Client.KAFKA.open(config)) {
            return Await.value("the last markers", Reading.PATIENCE, () -> {
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                return ends.values().stream().allMatch(each -> each == end) ? Optional.of(ends) : Optional.empty();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollGivesNoMoreRecordsThanAllowedAndLosesNone(Client client) {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(2), 2);
        partitions.forEach(partition -> Writing.numbers(OneBroker.cluster(), partition, 0, 50));
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config("max.poll.records", 3))) {
            consumer.assign(partitions);
            Set<String> seen = new HashSet<>();
            Await.until("all", Reading.PATIENCE, () -> {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Reading.SHORT);
                assertThat(records.count()).isLessThanOrEqualTo(3);
                for (TopicPartition partition : records.partitions()) {
                    List<ConsumerRecord<byte[], byte[]>> own = records.records(partition);
                    own.forEach(record -> seen.add(record.partition() + ":" + record.offset()));
                    assertThat(consumer.position(partition))
                            .isEqualTo(own.get(own.size() - 1).offset() + 1);
                }
                assertThat(records.records(partitions.get(0).topic())).hasSize(records.count());
                return seen.size() == 100;
            });
        }
    }

    /** Reads text and cannot read "poison". */
    private static final class Fussy implements Deserializer<String> {
        @Override
        public String deserialize(String topic, byte[] data) {
            String text = new String(data, UTF_8);
            if (text.equals("poison")) {
                throw new SerializationException("not to my taste");
            }
            return text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRecordThatCannotBeReadIsNamedAndCanBePassed(Client client) {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(2), 2);
        TopicPartition spoilt = partitions.get(0);
        ProducerRecord<byte[], byte[]> poison = new ProducerRecord<>(
                spoilt.topic(), 0, 77L + System.currentTimeMillis(), "key".getBytes(UTF_8), "poison".getBytes(UTF_8));
        poison.headers().add("h", new byte[] {7});
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            Writing.send(producer, Writing.numbered(spoilt, 0, 3));
            Writing.send(producer, List.of(poison));
            Writing.send(producer, Writing.numbered(spoilt, 4, 3));
            Writing.send(producer, Writing.numbered(partitions.get(1), 0, 10));
        }
        try (Consumer<String, String> consumer =
                client.open(OneBroker.config(), new StringDeserializer(), new Fussy())) {
            consumer.assign(partitions);
            List<String> read = new ArrayList<>();
            List<RecordDeserializationException> thrown = new ArrayList<>();
            // Kafka's own consumer may throw at every poll before it gets to the other partition.
            Await.until("two refusals", Reading.PATIENCE, () -> {
                try {
                    consumer.poll(Reading.SHORT).forEach(r -> read.add(r.partition() + ":" + r.value()));
                } catch (RecordDeserializationException e) {
                    thrown.add(e);
                    assertThat(consumer.position(spoilt)).isEqualTo(3);
                }
                return thrown.size() >= 2;
            });
            for (RecordDeserializationException e : thrown) {
                assertThat(e.topicPartition()).isEqualTo(spoilt);
                assertThat(e.offset()).isEqualTo(3);
                assertThat(e.origin()).isEqualTo(RecordDeserializationException.DeserializationExceptionOrigin.VALUE);
                assertThat(e.timestamp()).isEqualTo(poison.timestamp());
                assertThat(e.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
                assertThat(text(e.keyBuffer())).isEqualTo("key");
                assertThat(text(e.valueBuffer())).isEqualTo("poison");
                assertThat(e.headers().lastHeader("h").value()).containsExactly(7);
                assertThat(e)
                        .hasMessage("Error deserializing VALUE for partition " + spoilt
                                + " at offset 3. If needed, please seek past the record to continue consumption.")
                        .hasCauseInstanceOf(SerializationException.class);
            }
            consumer.seek(spoilt, 4);
            Reading.take(consumer, 16 - read.size()).forEach(r -> read.add(r.partition() + ":" + r.value()));
            assertThat(read.stream().filter(value -> value.startsWith("0:")))
                    .containsExactly("0:0", "0:1", "0:2", "0:4", "0:5", "0:6");
            assertThat(read).hasSize(16);
        }
    }

    private static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer.duplicate()).toString();
    }

    /** Drops odd values, and throws at the first records. */
    public static final class EvenOnly implements ConsumerInterceptor<byte[], byte[]> {
        private static final AtomicInteger CLOSED = new AtomicInteger();
        private boolean thrown;

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            if (!thrown && !records.isEmpty()) {
                thrown = true;
                throw new IllegalStateException("not yet");
            }
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> kept = new HashMap<>();
            for (TopicPartition partition : records.partitions()) {
                kept.put(
                        partition,
                        records.records(partition).stream()
                                .filter(record -> record.offset() % 2 == 0)
                                .toList());
            }
            return new ConsumerRecords<>(kept, records.nextOffsets());
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }

        @Override
        public void configure(Map<String, ?> configs) {
            assertThat(configs.get("client.id")).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void interceptorsSeeWhatIsConsumedAndMayNotSpoilIt(Client client) {
        TopicPartition partition = newPartition();
        Writing.numbers(OneBroker.cluster(), partition, 0, 10);
        Map<String, Object> config =
                OneBroker.config("interceptor.classes", List.of(EvenOnly.class.getName()), "max.poll.records", 4);
        int closedBefore = EvenOnly.CLOSED.get();
        try (Consumer<byte[], byte[]> consumer = client.open(config)) {
            consumer.assign(List.of(partition));
            assertThat(Reading.values(Reading.take(consumer, 7))).containsExactly("0", "1", "2", "3", "4", "6", "8");
            assertThat(consumer.position(partition)).isEqualTo(10);
        }
        assertThat(EvenOnly.CLOSED).hasValue(closedBefore + 1);
    }

    @Test
    void theMetricsThatDashboardsShowAreThere() {
        TopicPartition partition = newPartition();
        Writing.numbers(OneBroker.cluster(), partition, 0, 10);
        Map<String, Object> config = OneBroker.config("client.id", "measured");
        Set<MetricName> of = new HashSet<>();
        try (Consumer<byte[], byte[]> kafka = Client.KAFKA.open(config)) {
            kafka.assign(List.of(partition));
            Reading.take(kafka, 10);
            of.addAll(kafka.metrics().keySet());
        }
        try (Consumer<byte[], byte[]> surefoot = Client.SUREFOOT.open(config)) {
            surefoot.assign(List.of(partition));
            Reading.take(surefoot, 10);
            Set<MetricName> own = new HashSet<>(surefoot.metrics().keySet());
            for (String name : List.of(
                    "records-consumed-total",
                    "records-consumed-rate",
                    "bytes-consumed-total",
                    "bytes-consumed-rate",
                    "records-lag-max",
                    "records-lag",
                    "fetch-total",
                    "connection-count",
                    "incoming-byte-rate",
                    "outgoing-byte-rate",
                    "request-rate",
                    "response-rate")) {
                assertThat(own.stream().filter(metric -> metric.name().equals(name)))
                        .as(name)
                        .isNotEmpty()
                        .allMatch(metric -> of.stream()
                                .anyMatch(theirs -> theirs.name().equals(metric.name())
                                        && theirs.group().equals(metric.group())));
            }
            double consumed = surefoot.metrics().entrySet().stream()
                    .filter(entry -> entry.getKey().name().equals("records-consumed-total")
                            && entry.getKey().tags().size() == 1)
                    .mapToDouble(entry -> (double) entry.getValue().metricValue())
                    .sum();
            assertThat(consumed).isEqualTo(10.0);
            assertThat(catchThrowableOfType(
                            UnsupportedOperationException.class,
                            () -> surefoot.metrics().clear()))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void smallLimitsSlowButDoNotStop(Client client) {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(2), 2);
        Writing.blocks(OneBroker.cluster(), partitions, 5, 50_000);
        for (Map<String, Object> limits : List.<Map<String, Object>>of(
                Map.of("max.partition.fetch.bytes", 1000),
                Map.of("fetch.max.bytes", 1),
                Map.of("max.partition.fetch.bytes", 1, "fetch.max.bytes", 1, "max.poll.records", 1))) {
            Map<String, Object> config = OneBroker.config();
            config.putAll(limits);
            try (Consumer<byte[], byte[]> consumer = client.open(config)) {
                consumer.assign(partitions);
                assertThat(Reading.take(consumer, 10)).hasSize(10);
                assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            }
        }
    }
}
