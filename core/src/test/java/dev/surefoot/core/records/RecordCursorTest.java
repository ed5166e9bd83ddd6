package dev.surefoot.core.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCursorTest {

    private static final TopicPartition PARTITION = new TopicPartition("read", 0);
    private static final long PRODUCER = 77;

    private final Decompressor decompressor = new Decompressor(1 << 20);

    private RecordCursor cursor(ByteBuffer records, long fromOffset) {
        return new RecordCursor(PARTITION, records, fromOffset, false, List.of(), true, decompressor);
    }

    private RecordCursor readCommitted(ByteBuffer records, long fromOffset, AbortedTransaction... aborted) {
        return new RecordCursor(PARTITION, records, fromOffset, true, List.of(aborted), true, decompressor);
    }

    private static ByteBuffer plain(long baseOffset, int count) {
        return MemoryRecords.withRecords(baseOffset, Compression.NONE, numbered(count))
                .buffer();
    }

    private static ByteBuffer transactional(long baseOffset, int count) {
        return MemoryRecords.withTransactionalRecords(
                        baseOffset, Compression.NONE, PRODUCER, (short) 0, 0, 4, numbered(count))
                .buffer();
    }

    private static SimpleRecord[] numbered(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new SimpleRecord(i, new byte[] {(byte) i}))
                .toArray(SimpleRecord[]::new);
    }

    private static ByteBuffer marker(long offset, ControlRecordType type) {
        return MemoryRecords.withEndTransactionMarker(
                        offset, 0, 4, PRODUCER, (short) 0, new EndTransactionMarker(type, 0))
                .buffer();
    }

    private static List<Long> offsets(RecordCursor cursor) {
        List<Long> offsets = new ArrayList<>();
        while (cursor.next()) {
            offsets.add(cursor.offset());
        }
        return offsets;
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void i21ThePositionNeverDecreasesWhateverIsRead() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            RandomLog log = new RandomLog(random, 5);
            long from = log.startOffset + random.nextInt((int) (log.endOffset - log.startOffset) + 500);
            RecordCursor cursor = new RecordCursor(
                    PARTITION,
                    log.records(),
                    from,
                    random.nextBoolean(),
                    log.aborted,
                    true,
                    new Decompressor(16 << 20));
            long position = cursor.nextOffset();
            assertThat(position).as("seed %d", seed).isEqualTo(from);
            while (cursor.next()) {
                assertThat(cursor.nextOffset()).as("seed %d", seed).isGreaterThan(position);
                position = cursor.nextOffset();
            }
            assertThat(cursor.nextOffset())
                    .as("seed %d", seed)
                    .isEqualTo(BatchScanner.scan(PARTITION, log.records(), from).nextOffset());
        }
    }

    @Test
    void i21RecordsBelowTheStartDoNotLowerTheNextOffset() {
        RecordCursor cursor = cursor(BatchBytes.joined(plain(10, 5), plain(15, 5)), 1000);
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.nextOffset()).isEqualTo(1000);
    }

    @Test
    void i22NothingBelowTheStartIsDeliveredWhateverPrecedes() {
        BatchBytes empty = new BatchBytes();
        empty.baseOffset = 30;
        empty.count = 0;
        ByteBuffer records = BatchBytes.joined(
                transactional(0, 10),
                marker(10, ControlRecordType.ABORT),
                plain(11, 5),
                empty.build(),
                marker(33, ControlRecordType.COMMIT),
                plain(40, 10));
        for (long from = 0; from <= 50; from++) {
            long lowest = from;
            assertThat(offsets(readCommitted(records, from, new AbortedTransaction(PRODUCER, 0))))
                    .isEqualTo(LongStream.concat(LongStream.range(11, 16), LongStream.range(40, 50))
                            .filter(offset -> offset >= lowest)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void t17AbortedAndCommittedBatchesBelowTheStartDeliverNothingAndLeaveThePosition() {
        ByteBuffer records = BatchBytes.joined(
                transactional(0, 99),
                marker(99, ControlRecordType.ABORT),
                transactional(100, 99),
                marker(199, ControlRecordType.COMMIT));
        RecordCursor cursor = readCommitted(records, 1000, new AbortedTransaction(PRODUCER, 0));
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.nextOffset()).isEqualTo(1000);
    }

    @Test
    void abortedTransactionsArePassedOverUpToTheirMarker() {
        ByteBuffer records = BatchBytes.joined(
                transactional(0, 3),
                plain(3, 2),
                transactional(5, 2),
                marker(7, ControlRecordType.ABORT),
                transactional(8, 2),
                marker(10, ControlRecordType.COMMIT),
                transactional(11, 2),
                marker(13, ControlRecordType.ABORT));
        RecordCursor cursor =
                readCommitted(records, 0, new AbortedTransaction(PRODUCER, 11), new AbortedTransaction(PRODUCER, 0));
        assertThat(offsets(cursor)).containsExactly(3L, 4L, 8L, 9L);
        assertThat(cursor.nextOffset()).isEqualTo(14);
        assertThat(cursor.lastEpoch()).isEqualTo(4);
    }

    @Test
    void abortedTransactionsAreReadUnderReadUncommitted() {
        ByteBuffer records = BatchBytes.joined(transactional(0, 3), marker(3, ControlRecordType.ABORT));
        RecordCursor cursor = new RecordCursor(
                PARTITION, records, 0, false, List.of(new AbortedTransaction(PRODUCER, 0)), true, decompressor);
        assertThat(offsets(cursor)).containsExactly(0L, 1L, 2L);
        assertThat(cursor.nextOffset()).isEqualTo(4);
    }

    @Test
    void thePositionPassesTheWholeBatchWithItsLastRecord() {
        BatchBytes batch = BatchBytes.sound();
        batch.lastOffsetDelta = 20;
        RecordCursor cursor = cursor(batch.build(), 0);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.nextOffset()).isEqualTo(101);
        assertThat(cursor.leaderEpoch()).isEqualTo(7);
        cursor.next();
        assertThat(cursor.nextOffset()).isEqualTo(102);
        cursor.next();
        assertThat(cursor.nextOffset()).isEqualTo(121);
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.nextOffset()).isEqualTo(121);
    }

    @Test
    void aTruncatedBatchIsLeftForTheNextFetch() {
        ByteBuffer first = plain(0, 3);
        ByteBuffer whole = BatchBytes.joined(first, plain(3, 3));
        for (int limit = first.limit(); limit < whole.limit(); limit++) {
            RecordCursor cursor = cursor(whole.duplicate().limit(limit), 0);
            assertThat(offsets(cursor)).containsExactly(0L, 1L, 2L);
            assertThat(cursor.nextOffset()).isEqualTo(3);
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void anUncompressedRecordIsReadWhereItLies() {
        ByteBuffer records = plain(0, 1);
        RecordCursor cursor = cursor(records, 0);
        cursor.next();
        ByteBuffer value = cursor.value();
        assertThat(value).isNotNull();
        assertThat(value.isReadOnly()).isTrue();
        assertThat(cursor.value(new ArrayWindow()).array()).isSameAs(records.array());
        assertThat(cursor.key()).isNull();
        assertThat(cursor.headerCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 2})
    void everyFlippedBitUnderTheChecksumIsDetected(byte magic) {
        ByteBuffer records = MemoryRecords.withRecords(magic, 50, Compression.NONE, numbered(1))
                .buffer();
        for (int i = magic < 2 ? 17 : 21; i < records.limit(); i++) {
            for (int bit = 0; bit < 8; bit++) {
                ByteBuffer damaged = BatchBytes.joined(records);
                damaged.put(i, (byte) (damaged.get(i) ^ 1 << bit));
                RecordCursor cursor = cursor(damaged, 50);
                assertThatThrownBy(cursor::next)
                        .as("byte %d, bit %d", i, bit)
                        .isInstanceOf(CorruptRecordException.class)
                        .hasMessageContaining("read-0 at offset 50");
                assertThat(cursor.nextOffset()).isEqualTo(50);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void cursorsThatShareADecompressorDoNotDisturbEachOther(CompressionType type) {
        ByteBuffer one = MemoryRecords.withRecords(0, Compression.of(type).build(), numbered(100))
                .buffer();
        ByteBuffer other = MemoryRecords.withRecords(50, Compression.of(type).build(), numbered(100))
                .buffer();
        RecordCursor first = cursor(one, 0);
        RecordCursor second = cursor(other, 50);
        for (int i = 0; i < 100; i++) {
            assertThat(first.next()).isTrue();
            assertThat(second.next()).isTrue();
            assertThat(first.value()).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) i}));
            if (i == 60) {
                second.close();
                second = cursor(other, 50 + i + 1);
            }
        }
    }

    @Test
    void aClosedCursorKeepsItsPositionAndReadsNoMore() {
        RecordCursor cursor = cursor(plain(0, 3), 0);
        assertThatIllegalStateException().isThrownBy(cursor::offset);
        cursor.next();
        cursor.close();
        cursor.close();
        assertThat(cursor.nextOffset()).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(cursor::next);
        assertThatIllegalStateException().isThrownBy(cursor::value);
    }

    @Test
    void allRecordsOfALargeBatchAreRead() {
        assertThat(offsets(cursor(plain(5, 10_000), 7))).isEqualTo(range(7, 10_005));
    }

    @Test
    void movingFromRecordToRecordAllocatesNothing() {
        ByteBuffer records = plain(0, 10_000);
        offsets(cursor(records, 0)); // loads every class
        RecordCursor cursor = cursor(records, 0);
        cursor.next();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        while (cursor.next()) {
            cursor.valueSize();
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }
}
