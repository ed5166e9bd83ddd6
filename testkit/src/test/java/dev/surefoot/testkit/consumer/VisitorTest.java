package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Visiting.RECORDS;
import static dev.surefoot.testkit.consumer.Visiting.each;
import static dev.surefoot.testkit.consumer.Visiting.reader;
import static dev.surefoot.testkit.consumer.Visiting.until;
import static dev.surefoot.testkit.consumer.Visiting.written;
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
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that a visitor is shown are those that {@code poll} returns, and positions move alike. */
class VisitorTest {
    private static @Nullable String hex(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return null;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return Reading.hex(copy);
    }

    private static Reading.Seen seen(ReceivedRecord record) {
        List<String> headers = new ArrayList<>();
        record.forEachHeader((key, value) -> headers.add(UTF_8.decode(key) + "=" + hex(value)));
        assertThat(record.headerCount()).isEqualTo(headers.size());
        assertThat(record.topicPartition()).isEqualTo(new TopicPartition(record.topic(), record.partition()));
        return new Reading.Seen(
                record.partition(),
                record.offset(),
                hex(record.key()),
                hex(record.value()),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.timestamp(),
                record.timestampType(),
                record.leaderEpoch(),
                headers);
    }

    /** What looking up each of the keys that may be there gives. */
    private static List<String> lookUps(ReceivedRecord record) {
        List<String> found = new ArrayList<>();
        for (String key : List.of("h0", "h1", "h2", "h3", "h")) {
            found.add(key + " " + record.hasHeader(key) + " " + hex(record.lastHeaderValue(key)));
            record.forEachHeader(key, value -> found.add(hex(value)));
        }
        found.add(record.headers().toString());
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "lz4", "gzip"})
    void aVisitorIsShownWhatPollReturns(String codec) {
        TopicPartition partition = written(codec);
        List<ConsumerRecord<byte[], byte[]>> polled;
        List<Reading.Seen> shown = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            polled = Reading.take(consumer, RECORDS);
            consumer.seekToBeginning(List.of(partition));
            until(RECORDS, consumer, each(record -> {
                assertThat(record.topic()).isEqualTo(partition.topic());
                shown.add(seen(record));
            }));
            assertThat(consumer.position(partition)).isEqualTo(RECORDS);
        }

        assertThat(shown).isEqualTo(polled.stream().map(Reading.Seen::of).toList());
    }

    @Test
    void aRecordMadeForATestSaysWhatAReceivedOneSays() {
        TopicPartition partition = written("uncompressed");
        List<List<?>> made = new ArrayList<>();
        List<List<?>> received = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            for (ConsumerRecord<byte[], byte[]> polled : Reading.take(consumer, RECORDS)) {
                ReceivedRecord record = ReceivedRecord.of(polled);
                made.add(List.of(seen(record), lookUps(record), record.toString()));
            }
            consumer.seekToBeginning(List.of(partition));
            until(
                    RECORDS,
                    consumer,
                    each(record -> received.add(List.of(seen(record), lookUps(record), record.toString()))));
        }

        assertThat(received).isEqualTo(made);
    }

    @Test
    void aVisitShowsNoMoreThanAPollReturnsAndTheTwoMayBeMixed() {
        TopicPartition partition = written("uncompressed");
        Map<String, Object> config = new HashMap<>(OneBroker.config());
        config.put("max.poll.records", 7);
        List<Long> offsets = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(config, partition)) {
            until(7, consumer, each(record -> offsets.add(record.offset())));
            assertThat(consumer.position(partition)).isEqualTo(7);
            consumer.poll(Reading.PATIENCE).forEach(record -> offsets.add(record.offset()));
            until(7, consumer, each(record -> offsets.add(record.offset())));
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
        RecordVisitor visitor = each(record -> {
            if (record.offset() == 5 && refuses[0]) {
                throw new IllegalArgumentException("refused at " + record.offset());
            }
            offsets.add(record.offset());
        });
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> until(RECORDS, consumer, visitor)).hasMessage("refused at 5");
                assertThat(consumer.position(partition)).isEqualTo(5);
            }
            refuses[0] = false;
            until(RECORDS - 5, consumer, visitor);
        }

        assertThat(offsets).hasSize(RECORDS).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aVisitorMaySeekAndPause() {
        TopicPartition partition = written("uncompressed");
        List<Long> offsets = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            until(2 + RECORDS - 1000, consumer, each(record -> {
                offsets.add(record.offset());
                if (record.offset() == 1) {
                    consumer.seek(partition, 1000);
                }
            }));
            assertThat(offsets).startsWith(0L, 1L, 1000L, 1001L);

            consumer.seekToBeginning(List.of(partition));
            until(3, consumer, each(record -> {
                if (record.offset() == 2) {
                    consumer.pause(List.of(partition));
                }
            }));
            assertThat(consumer.position(partition)).isEqualTo(3);
        }
    }

    @Test
    void aVisitWithoutRecordsEndsWithItsTime() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            assertThat(consumer.poll(Duration.ofMillis(50), each(record -> {}))).isZero();
        }
    }

    @Test
    void whatIsKeptBeyondTheVisitSaysSo() {
        TopicPartition partition = written("uncompressed");
        List<ReceivedRecord> kept = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            Await.until("a record", Reading.PATIENCE, () -> consumer.poll(Reading.SHORT, each(kept::add)) > 0);

            assertThatThrownBy(() -> kept.get(0).value())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("copy what is to be kept");
        }
    }

    @Test
    void aVisitorCannotPoll() {
        TopicPartition partition = written("uncompressed");
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            assertThatThrownBy(() -> until(1, consumer, each(record -> consumer.poll(Duration.ZERO))))
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
        TopicPartition partition = written("uncompressed");
        Map<String, Object> config = new HashMap<>(OneBroker.config());
        config.put("interceptor.classes", PassingInterceptor.class.getName());
        List<Long> shown = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(config, partition)) {
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO, each(record -> shown.add(record.offset()))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("interceptor.classes");
            assertThat(shown).isEmpty();
            assertThat(consumer.position(partition)).isZero();
        }
    }
}
