package dev.surefoot.core.records;

import static dev.surefoot.core.records.BatchBytes.bytes;
import static dev.surefoot.core.records.BatchBytes.compress;
import static dev.surefoot.core.records.BatchBytes.int32;
import static dev.surefoot.core.records.BatchBytes.joined;
import static dev.surefoot.core.records.BatchBytes.message;
import static dev.surefoot.core.records.BatchBytes.varint;
import static dev.surefoot.core.records.BatchBytes.wrapper;
import static dev.surefoot.core.records.SizedRecords.kilobytes;
import static dev.surefoot.core.records.SizedRecords.recordOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much memory and work a batch takes that is decompressed as a stream, whatever sizes and counts it claims. */
class StreamedBatchLimitsTest {

    private static final TopicPartition PARTITION = new TopicPartition("streamed", 4);
    private static final int MEGABYTE = 1 << 20;

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aBatchIsStreamedFromFourMebibytesOn(CompressionType type) {
        for (int above = -1; above <= 1; above++) {
            byte[] first = recordOf(0, 4 * MEGABYTE - 100);
            byte[] second = recordOf(1, 4 * MEGABYTE + above - first.length - 9);
            BatchBytes batch = new BatchBytes().records(first, second);
            assertThat(batch.records.length).isEqualTo(4 * MEGABYTE + above);
            batch.compressed(type).count = 2;
            Decompressor decompressor = new Decompressor(64 * MEGABYTE);
            RecordCursor cursor = new RecordCursor(PARTITION, batch.build(), 0, false, List.of(), true, decompressor);
            assertThat(cursor.next()).isTrue();
            assertThat(decompressor.openStreams()).isEqualTo(above > 0 ? 1 : 0);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.next()).isFalse();
            assertThat(decompressor.openStreams()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aLargeBatchTakesMemoryForItsLargestRecordOnly(CompressionType type) {
        BatchBytes batch = new BatchBytes();
        batch.records = kilobytes(60_000, 2);
        batch.compressed(type).count = 60_000;
        batch.lastOffsetDelta = 59_999;
        ByteBuffer records = batch.build();
        Decompressor decompressor = new Decompressor(16 * MEGABYTE, MEGABYTE, 65_536);
        assertThat(allocatedBytes(
                        () -> assertThat(walk(records, 0, decompressor)).isEqualTo(60_000)))
                .isLessThan(16L * MEGABYTE);
    }

    private static int walk(ByteBuffer records, long from, Decompressor decompressor) {
        RecordCursor cursor = new RecordCursor(PARTITION, records, from, false, List.of(), true, decompressor);
        int count = 0;
        while (cursor.next()) {
            count++;
        }
        return count;
    }

    private static long allocatedBytes(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void passingOverMuchOfABatchPausesAndGoesOnWhereItWas() {
        BatchBytes batch = new BatchBytes();
        batch.baseOffset = 0;
        batch.records = kilobytes(150_000, 2);
        batch.compressed(CompressionType.ZSTD).count = 150_000;
        batch.lastOffsetDelta = 149_999;
        assertPauses(batch.build(), 149_999, 2);
    }

    /** The offset of the last message is looked for first, over all of the set. */
    @Test
    void messageSetsPauseInBothPasses() {
        byte[] set = wrapper(1, CompressionType.LZ4, 149_999, kilobytes(150_000, 1));
        assertPauses(ByteBuffer.wrap(set), 149_999, 4);
    }

    private static void assertPauses(ByteBuffer records, long lastOffset, int expectedPauses) {
        Decompressor decompressor = new Decompressor(16 * MEGABYTE);
        RecordCursor cursor = new RecordCursor(PARTITION, records, lastOffset, false, List.of(), false, decompressor);
        int pauses = 0;
        while (!cursor.next()) {
            assertThat(cursor.hasPaused()).isTrue();
            assertThat(cursor.mayHaveMore()).isTrue();
            assertThat(cursor.nextOffset()).isEqualTo(lastOffset);
            pauses++;
        }
        assertThat(pauses).isEqualTo(expectedPauses);
        assertThat(cursor.offset()).isEqualTo(lastOffset);
        assertThat(cursor.hasPaused()).isFalse();
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.hasPaused()).isFalse();
        assertThat(decompressor.openStreams()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4"})
    void aMessageBeyondTheBoundFailsWithoutAllocating(CompressionType type) {
        for (int magic = 0; magic <= 1; magic++) {
            byte[] start =
                    ByteBuffer.allocate(26).putLong(7).putInt(300 * MEGABYTE).array();
            byte[] content = compress(type, magic, joined(start, new byte[MEGABYTE - 26]), 50);
            byte[] set = message(magic, type.id, 100, joined(int32(-1), int32(content.length), content));
            Decompressor decompressor = new Decompressor(MEGABYTE);
            RecordCursor cursor =
                    new RecordCursor(PARTITION, ByteBuffer.wrap(set), 100, false, List.of(), true, decompressor);
            assertThat(allocatedBytes(() -> assertThatThrownBy(cursor::next)
                            .isInstanceOf(RecordTooLargeException.class)
                            .hasMessageContaining("streamed-4 at offset 100")
                            .hasMessageContaining("claims 314572800 bytes, more than the 1048576 bytes")
                            .hasMessageContaining("surefoot.decompressed.batch.max.bytes")))
                    .isLessThan(8L * MEGABYTE);
            assertThat(decompressor.openStreams()).isZero();
        }
    }

    /**
     * The claim is within the bound, and nothing comes of it: the window is no larger than eight times what was there.
     */
    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aClaimIsNotAllocatedBeforeItsBytesAreThere(CompressionType type) {
        BatchBytes batch = new BatchBytes().records(varint(1000 * MEGABYTE), new byte[3 * MEGABYTE]);
        batch.compressed(type);
        ByteBuffer records = batch.build();
        Decompressor decompressor = new Decompressor(Integer.MAX_VALUE, MEGABYTE, 65_536);
        assertThat(allocatedBytes(() -> assertThatThrownBy(() -> walk(records, 0, decompressor))
                        .isInstanceOf(CorruptRecordException.class)
                        .hasMessageContaining("claims 1048576000 bytes where the batch has 3145728 left")))
                .isLessThan(40L * MEGABYTE);
        assertThat(decompressor.openStreams()).isZero();
    }

    @Test
    void aControlBatchIsReadNoFurtherThanItsMarker() {
        byte[] marker = recordOfMarker();
        BatchBytes batch = new BatchBytes();
        batch.attributes = 0x30;
        batch.producerId = 9;
        batch.records = joined(marker, kilobytes(70_000, 2));
        batch.compressed(CompressionType.ZSTD).count = Integer.MAX_VALUE;
        Decompressor decompressor = new Decompressor(MEGABYTE);
        List<AbortedTransaction> aborted = List.of(new AbortedTransaction(9, 0));
        assertThat(allocatedBytes(() -> {
                    StreamedBatchesTest.Read read =
                            StreamedBatchesTest.read(batch.build(), 0, true, aborted, decompressor);
                    assertThat(read.failure()).isNull();
                    assertThat(read.seen()).isEmpty();
                    assertThat(read.nextOffset()).isEqualTo(103);
                }))
                .isLessThan(20L * MEGABYTE);
    }

    private static byte[] recordOfMarker() {
        return BatchBytes.recordOf(varint(4), bytes(0, 0, 0, 0), varint(-1), varint(0));
    }
}
