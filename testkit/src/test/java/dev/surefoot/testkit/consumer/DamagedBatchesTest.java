package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.BadRecordHandler;
import dev.surefoot.BadUnit;
import dev.surefoot.BadUnit.Reason;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that were damaged in the log of a real broker, which serves them as they are. */
@Tag("thorough")
@Timeout(120)
class DamagedBatchesTest {
    /** In the middle of a batch of ten records with two-byte values, and behind the head of its compressed data. */
    private static final int INSIDE = 80;

    private final List<BadUnit> handedOver = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private final List<KafkaException> thrown = new ArrayList<>();

    /** A partition with three batches of ten records each. */
    private static TopicPartition written(String codec) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1, Map.of("compression.type", codec)), 0);
        for (int batch = 0; batch < 3; batch++) {
            try (KafkaProducer<byte[], byte[]> producer =
                    Writing.producer(OneBroker.cluster(), "linger.ms", 5_000, "batch.size", 100_000)) {
                Writing.send(producer, Writing.numbered(partition, 10 + 10 * batch, 10));
            }
        }
        return partition;
    }

    private SurefootConsumer<byte[], byte[]> open(TopicPartition partition, Object... options) {
        Map<String, Object> config = OneBroker.config(options);
        if (config.get("surefoot.on.bad.record").equals("dead-letter")) {
            config.put("surefoot.on.bad.record.handler", (BadRecordHandler) handedOver::add);
        }
        SurefootConsumer<byte[], byte[]> consumer = SurefootConsumer.ofBytes(config);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    /** Polls, by visits or for objects, until this position or so many errors. */
    private void poll(SurefootConsumer<byte[], byte[]> consumer, TopicPartition partition, boolean visits, long end) {
        Await.until("position " + end, Reading.PATIENCE, () -> {
            try {
                if (visits) {
                    consumer.poll(Reading.SHORT, Visiting.each(record -> offsets.add(record.offset())));
                } else {
                    consumer.poll(Reading.SHORT).forEach(record -> offsets.add(record.offset()));
                }
            } catch (KafkaException e) {
                thrown.add(e);
            }
            return thrown.size() >= 3 || consumer.position(partition) >= end;
        });
    }

    private static List<Long> allBut(long from, long to) {
        return LongStream.range(0, 30)
                .filter(offset -> offset < from || offset > to)
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "0, uncompressed, false, false",
        "10, uncompressed, false, true",
        "20, uncompressed, true, false",
        "10, gzip, false, false",
        "0, snappy, true, false",
        "10, lz4, true, true",
        "20, zstd, false, false",
    })
    void w17ADamagedBatchIsPassedOverAsAWhole(long damaged, String codec, boolean visits, boolean committedOnly) {
        TopicPartition partition = written(codec);
        byte[] stored = StoredSegment.of(partition)
                .change(damaged, false, batch -> batch.put(INSIDE, (byte) ~batch.get(INSIDE)));
        try (SurefootConsumer<byte[], byte[]> consumer = open(
                partition,
                "surefoot.on.bad.record",
                "dead-letter",
                "isolation.level",
                committedOnly ? "read_committed" : "read_uncommitted",
                "max.partition.fetch.bytes",
                committedOnly ? 1 : 1 << 20)) {
            poll(consumer, partition, visits, 30);
        }
        assertThat(thrown).isEmpty();
        assertThat(offsets).isEqualTo(allBut(damaged, damaged + 9));
        assertThat(handedOver).singleElement().satisfies(unit -> {
            assertThat(unit.reason()).isEqualTo(Reason.BATCH_CORRUPT);
            assertThat(unit.fromOffset()).isEqualTo(damaged);
            assertThat(unit.toOffset()).isEqualTo(damaged + 9);
            assertThat(unit.batch()).isEqualTo(stored);
            assertThat(unit.batchFacts().checksumFound())
                    .isNotEqualTo(unit.batchFacts().checksumExpected());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void aBatchThatNoCodecProducesIsPassedOverAtOnce(String codec) {
        TopicPartition partition = written(codec);
        StoredSegment.of(partition).change(10, true, batch -> {
            for (int i = 61; i < batch.capacity(); i++) {
                batch.put(i, (byte) 0x55);
            }
        });
        try (SurefootConsumer<byte[], byte[]> consumer = open(partition, "surefoot.on.bad.record", "dead-letter")) {
            poll(consumer, partition, false, 30);
        }
        assertThat(thrown).isEmpty();
        assertThat(offsets).isEqualTo(allBut(10, 19));
        assertThat(handedOver).singleElement().satisfies(unit -> {
            assertThat(unit.reason()).isEqualTo(Reason.BATCH_UNDECOMPRESSABLE);
            assertThat(unit.toOffset()).isEqualTo(19);
            assertThat(unit.batchFacts().checksumFound())
                    .isEqualTo(unit.batchFacts().checksumExpected());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0, 13, 1048576",
        "10, 13, 1048576",
        "20, 13, 1048576",
        "10, 1000000, 1048576",
        "0, 13, 1",
        "10, 13, 1",
        "0, 19, 1"
    })
    void w17ABatchThatLiesAboutItsEndIsNotPassedOver(long damaged, int delta, int fetchBytes) {
        TopicPartition partition = written("uncompressed");
        StoredSegment.of(partition)
                .change(damaged, false, batch -> batch.putInt(StoredSegment.LAST_OFFSET_DELTA, delta));
        try (SurefootConsumer<byte[], byte[]> consumer =
                open(partition, "surefoot.on.bad.record", "skip", "max.partition.fetch.bytes", fetchBytes)) {
            poll(consumer, partition, false, 30);

            assertThat(thrown).hasSize(3).allSatisfy(e -> assertThat(e).isInstanceOf(CorruptRecordException.class));
            assertThat(consumer.position(partition)).isEqualTo(damaged);
            assertThat(offsets).isEqualTo(LongStream.range(0, damaged).boxed().toList());
        }
    }

    @Test
    void withFailADamagedBatchIsThrownAtEveryPoll() {
        TopicPartition partition = written("uncompressed");
        StoredSegment.of(partition).change(10, false, batch -> batch.put(INSIDE, (byte) ~batch.get(INSIDE)));
        try (SurefootConsumer<byte[], byte[]> consumer = open(partition, "surefoot.on.bad.record", "fail")) {
            poll(consumer, partition, false, 30);

            assertThat(thrown)
                    .hasSize(3)
                    .allSatisfy(e -> assertThat(e)
                            .isInstanceOf(CorruptRecordException.class)
                            .hasMessageContaining("seek past its last offset 19"));
            assertThat(consumer.position(partition)).isEqualTo(10);
            consumer.seek(partition, 20);
            thrown.clear();
            poll(consumer, partition, false, 30);
            assertThat(offsets).isEqualTo(allBut(10, 19));
        }
    }
}
