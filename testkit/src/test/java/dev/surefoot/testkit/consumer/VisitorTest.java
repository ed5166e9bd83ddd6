package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.ReceivedRecord;
import dev.surefoot.RecordVisitor;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that a visitor is shown are those that {@code poll} returns, and positions move alike. */
class VisitorTest {
    private static final int RECORDS = 1200;

    private static SurefootConsumer<byte[], byte[]> reader(Map<String, Object> config, TopicPartition partition) {
        SurefootConsumer<byte[], byte[]> consumer =
                new SurefootConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private static SurefootConsumer<byte[], byte[]> reader(TopicPartition partition) {
        return reader(OneBroker.config(), partition);
    }

    private static TopicPartition written(String codec) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1, Map.of("compression.type", codec)), 0);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            byte[] key = i % 3 == 0 ? null : ("key " + i).getBytes(UTF_8);
            byte[] value = i % 7 == 0 ? null : ("value " + i).repeat(i % 50).getBytes(UTF_8);
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(partition.topic(), 0, System.currentTimeMillis(), key, value);
            for (int h = 0; h < i % 4; h++) {
                record.headers().add("h" + h, h == 2 ? null : ("of " + i).getBytes(UTF_8));
            }
            records.add(record);
        }
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            Writing.send(producer, records);
        }
        return partition;
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : UTF_8.decode(bytes).toString();
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    private static String described(ReceivedRecord record) {
        StringBuilder headers = new StringBuilder();
        record.forEachHeader((key, value) ->
                headers.append(text(key)).append('=').append(text(value)).append(' '));
        return record.partition() + "@" + record.offset() + " " + record.timestampType() + record.timestamp() + " "
                + record.leaderEpoch() + " " + text(record.key()) + record.keySize() + " " + text(record.value())
                + record.valueSize() + " " + record.headerCount() + " " + headers;
    }

    private static String described(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder headers = new StringBuilder();
        record.headers()
                .forEach(header -> headers.append(header.key())
                        .append('=')
                        .append(text(header.value()))
                        .append(' '));
        return new TopicPartition(record.topic(), record.partition()) + "@" + record.offset() + " "
                + record.timestampType() + record.timestamp() + " "
                + record.leaderEpoch().orElse(-1) + " "
                + text(record.key()) + record.serializedKeySize() + " " + text(record.value())
                + record.serializedValueSize() + " " + record.headers().toArray().length + " " + headers;
    }

    /** Visits until so many records were shown. */
    private static void visit(SurefootConsumer<?, ?> consumer, int count, RecordVisitor visitor) {
        int[] shown = {0};
        Await.until(count + " records", Reading.PATIENCE, () -> {
            shown[0] += consumer.poll(Reading.SHORT, visitor);
            return shown[0] >= count;
        });
        assertThat(shown[0]).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "lz4", "gzip"})
    void aVisitorIsShownWhatPollReturns(String codec) {
        TopicPartition partition = written(codec);
        List<String> polled = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            Reading.take(consumer, RECORDS).forEach(record -> polled.add(described(record)));
            consumer.seekToBeginning(List.of(partition));
            visit(consumer, RECORDS, record -> shown.add(described(record)));
            assertThat(consumer.position(partition)).isEqualTo(RECORDS);
        }

        assertThat(shown).isEqualTo(polled);
    }

    @Test
    void aVisitShowsNoMoreThanAPollReturnsAndTheTwoMayBeMixed() {
        TopicPartition partition = written("uncompressed");
        Map<String, Object> config = new HashMap<>(OneBroker.config());
        config.put("max.poll.records", 7);
        List<Long> offsets = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(config, partition)) {
            visit(consumer, 7, record -> offsets.add(record.offset()));
            assertThat(consumer.position(partition)).isEqualTo(7);
            consumer.poll(Reading.PATIENCE).forEach(record -> offsets.add(record.offset()));
            visit(consumer, 7, record -> offsets.add(record.offset()));
        }

        assertThat(offsets).hasSize(21);
        assertThat(offsets.get(20)).isEqualTo(20);
        assertThat(offsets).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aRecordThatTheVisitorRefusesComesAgainAndNoOtherDoes() {
        TopicPartition partition = written("uncompressed");
        List<Long> offsets = new ArrayList<>();
        boolean[] refuses = {true};
        RecordVisitor visitor = record -> {
            if (record.offset() == 5 && refuses[0]) {
                throw new IllegalArgumentException("refused at " + record.offset());
            }
            offsets.add(record.offset());
        };
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> visit(consumer, RECORDS, visitor)).hasMessage("refused at 5");
                assertThat(consumer.position(partition)).isEqualTo(5);
            }
            refuses[0] = false;
            visit(consumer, RECORDS - 5, visitor);
        }

        assertThat(offsets).hasSize(RECORDS).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aVisitorMaySeekAndPause() {
        TopicPartition partition = written("uncompressed");
        List<Long> offsets = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            visit(consumer, 2 + RECORDS - 1000, record -> {
                offsets.add(record.offset());
                if (record.offset() == 1) {
                    consumer.seek(partition, 1000);
                }
            });
            assertThat(offsets).startsWith(0L, 1L, 1000L, 1001L);

            consumer.seekToBeginning(List.of(partition));
            visit(consumer, 3, record -> {
                if (record.offset() == 2) {
                    consumer.pause(List.of(partition));
                }
            });
            assertThat(consumer.position(partition)).isEqualTo(3);
        }
    }

    @Test
    void aVisitWithoutRecordsEndsWithItsTime() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            assertThat(consumer.poll(Duration.ofMillis(50), record -> {})).isZero();
        }
    }

    @Test
    void whatIsKeptBeyondTheVisitSaysSo() {
        TopicPartition partition = written("uncompressed");
        List<ReceivedRecord> kept = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            Await.until("a record", Reading.PATIENCE, () -> consumer.poll(Reading.SHORT, kept::add) > 0);

            assertThatThrownBy(() -> kept.get(0).value())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("copy what is to be kept");
        }
    }

    @Test
    void aVisitorCannotPoll() {
        TopicPartition partition = written("uncompressed");
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            assertThatThrownBy(() -> visit(consumer, 1, record -> consumer.poll(Duration.ZERO)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("return first");
            assertThat(consumer.poll(Reading.PATIENCE).iterator().next().offset())
                    .isZero();
        }
    }

    /** Lets everything pass. */
    public static final class PassingInterceptor implements ConsumerInterceptor<byte[], byte[]> {
        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    @Test
    void interceptorsAreNotPassedBy() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        Map<String, Object> config = new HashMap<>(OneBroker.config());
        config.put("interceptor.classes", PassingInterceptor.class.getName());
        try (SurefootConsumer<byte[], byte[]> consumer = reader(config, partition)) {
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO, record -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("interceptor.classes");
        }
    }
}
