package dev.surefoot.core.records;

import static dev.surefoot.core.records.BatchBytes.joined;
import static dev.surefoot.core.records.BatchBytes.message;
import static dev.surefoot.core.records.BatchBytes.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BatchScannerTest {

    private static final TopicPartition PARTITION = new TopicPartition("scanned", 1);

    private static ScannedBatches scan(ByteBuffer records, long fetchOffset) {
        return BatchScanner.scan(PARTITION, records, fetchOffset);
    }

    private static BatchBytes at(long baseOffset) {
        BatchBytes batch = BatchBytes.sound();
        batch.baseOffset = baseOffset;
        return batch;
    }

    @Test
    void noBytesAreNoBatches() {
        ScannedBatches scanned = scan(ByteBuffer.allocate(0), 42);
        assertThat(scanned).isEqualTo(new ScannedBatches(42, 0, -1, 42, 0, 0, -1, null));
        assertThat(scanned.firstBatchIsCut()).isFalse();
        assertThat(scanned.withoutProgress()).isFalse();
    }

    @Test
    void aTruncatedBatchIsLeftForTheNextFetch() {
        ByteBuffer whole = joined(at(100).build(), at(110).build());
        int first = at(100).build().remaining();
        for (int limit = first; limit < whole.limit(); limit++) {
            ScannedBatches scanned = scan(whole.duplicate().limit(limit), 100);
            assertThat(scanned).isEqualTo(new ScannedBatches(100, 1, 103, 103, first, limit, 7, null));
            assertThat(scanned.firstBatchIsCut()).isFalse();
        }
    }

    @Test
    void aCutFirstBatchIsToldApart() {
        ByteBuffer whole = at(100).build();
        for (int limit = 1; limit < whole.limit(); limit++) {
            ScannedBatches scanned = scan(whole.duplicate().limit(limit), 100);
            assertThat(scanned.firstBatchIsCut()).isTrue();
            assertThat(scanned.nextOffset()).isEqualTo(100);
            assertThat(scanned.validBytes()).isZero();
        }
    }

    @Test
    void batchesBelowTheFetchOffsetAreNoProgressAndDoNotLowerIt() {
        ByteBuffer records = at(100).build();
        assertThat(scan(records, 102).withoutProgress()).isFalse();
        for (long fetchOffset : new long[] {103, 500}) {
            ScannedBatches scanned = scan(records, fetchOffset);
            assertThat(scanned.withoutProgress()).isTrue();
            assertThat(scanned.nextOffset()).isEqualTo(fetchOffset);
            assertThat(scanned.endOffset()).isEqualTo(103);
        }
    }

    @Test
    void messageSetsAreScannedByTheirOffsets() {
        ByteBuffer records = ByteBuffer.wrap(joined(
                message(0, 10),
                BatchBytes.wrapper(0, CompressionType.GZIP, 15, message(0, 11), message(0, 15)),
                BatchBytes.wrapper(1, CompressionType.LZ4, 20, message(1, 0), message(1, 1))));
        ScannedBatches scanned = scan(records, 10);
        assertThat(scanned).isEqualTo(new ScannedBatches(10, 3, 21, 21, records.limit(), records.limit(), -1, null));
    }

    static Stream<Arguments> hostileHeaders() {
        return Stream.of(
                hostile("negative length", b -> b.length = -1, "length of -1 bytes"),
                hostile("most negative length", b -> b.length = Integer.MIN_VALUE, "length of -2147483648 bytes"),
                hostile("length of no batch", b -> b.length = 13, "length of 13 bytes"),
                hostile("length below its format's", b -> b.length = 48, "needs at least 49"),
                hostile("negative magic", b -> b.magic = -1, "magic number -1"),
                hostile("unknown magic", b -> b.magic = 3, "magic number 3"),
                hostile("negative last offset delta", b -> b.lastOffsetDelta = -1, "last offset delta -1"),
                hostile("negative record count", b -> b.count = -1, "record count -1"),
                hostile("negative base offset", b -> b.baseOffset = -5, "negative base offset -5"),
                hostile("base offset of the batch before", b -> b.baseOffset = 100, "base offset 100 but follows"),
                hostile("base offset within the batch before", b -> b.baseOffset = 102, "ends at offset 102"),
                hostile("offset overflow", b -> b.baseOffset = Long.MAX_VALUE - 1, "add up to more"),
                hostile("offset at the very end", b -> b.baseOffset = Long.MAX_VALUE - 2, "largest possible offset"));
    }

    private static Arguments hostile(String what, Consumer<BatchBytes> change, String message) {
        return Arguments.of(what, change, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileHeaders")
    void aHostileHeaderStopsTheScanAndWhatPrecedesStaysUsable(
            String what, Consumer<BatchBytes> change, String message) {
        ByteBuffer sound = at(100).build();
        BatchBytes bad = at(103);
        change.accept(bad);
        ByteBuffer records = joined(sound, bad.build());

        ScannedBatches scanned = scan(records, 101);

        assertThat(scanned.problem())
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("scanned-1 at offset 103, byte " + sound.limit() + " of")
                .hasMessageContaining(message);
        assertThat(scanned.batches()).isEqualTo(1);
        assertThat(scanned.validBytes()).isEqualTo(sound.limit());
        assertThat(scanned.nextOffset()).isEqualTo(103);

        RecordCursor cursor =
                new RecordCursor(PARTITION, records, 101, false, List.of(), false, new Decompressor(1000));
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.next()).isTrue();
        assertThatThrownBy(cursor::next)
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("scanned-1 at offset 103, in the batch at byte " + sound.limit())
                .hasMessageContaining(message);
        assertThat(cursor.nextOffset()).isEqualTo(103);
    }

    @Test
    void aHugeLengthIsACutBatch() {
        BatchBytes batch = at(100);
        batch.length = Integer.MAX_VALUE;
        assertThat(scan(batch.build(), 100).firstBatchIsCut()).isTrue();
    }

    @Test
    void theBufferIsLeftAsItWas() {
        ByteBuffer records = joined(at(100).build(), at(103).records(record(0)).build());
        ByteBuffer before = records.duplicate();
        scan(records, 0);
        assertThat(records.position()).isEqualTo(before.position());
        assertThat(records.limit()).isEqualTo(before.limit());
    }

    @Test
    void scanningAllocatesNothingPerBatch() {
        ByteBuffer[] batches = new ByteBuffer[1000];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = at(3L * i).build();
        }
        ByteBuffer records = joined(batches);
        assertThat(scan(records, 0).batches()).isEqualTo(1000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        scan(records, 0);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4_000);
    }
}
