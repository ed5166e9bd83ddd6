package dev.surefoot.testkit.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import dev.surefoot.testkit.simulation.model.LogBatch.Kind;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordBatchWriterTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 63, 64, 100, 8191, 8192, 70_000})
    void kafkaReadsRecordsOfAnySizeAsTheyWereWritten(int payloadBytes) {
        LogBatch written = batch(1000, 1002, Kind.DATA, -1, records(1000, 1001, 1002), payloadBytes);
        MutableRecordBatch read = read(written);

        assertThat(read.baseOffset()).isEqualTo(1000);
        assertThat(read.lastOffset()).isEqualTo(1002);
        assertThat(read.maxTimestamp()).isEqualTo(1002);
        assertThat(read.partitionLeaderEpoch()).isEqualTo(7);
        assertThat(read.hasProducerId()).isFalse();
        assertThat(read.isTransactional()).isFalse();
        assertThat(read.isControlBatch()).isFalse();
        assertThat(read.sizeInBytes()).isEqualTo(written.bytes().limit());
        assertThat(recordsOf(read)).isEqualTo(written.records());
        for (Record record : read) {
            assertThat(record.timestamp()).isEqualTo(record.offset());
            assertThat(record.valueSize()).isEqualTo(payloadBytes);
            assertThat(record.hasKey()).isFalse();
            assertThat(record.headers()).isEmpty();
        }
    }

    @Test
    void kafkaReadsManyRecordsInOneBatch() {
        long[] offsets = LongStream.range(5_000_000_000L, 5_000_000_300L).toArray();
        LogBatch written = batch(offsets[0], offsets[offsets.length - 1], Kind.DATA, -1, records(offsets), 8);
        assertThat(recordsOf(read(written))).isEqualTo(written.records());
    }

    @Test
    void kafkaReadsTheProducerOfATransaction() {
        MutableRecordBatch read = read(batch(4, 5, Kind.TRANSACTIONAL_DATA, 1001, records(4, 5), 8));
        assertThat(read.isTransactional()).isTrue();
        assertThat(read.producerId()).isEqualTo(1001);
        assertThat(read.producerEpoch()).isZero();
        assertThat(read.isControlBatch()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"COMMIT_MARKER", "ABORT_MARKER"})
    void kafkaReadsMarkers(Kind kind) {
        MutableRecordBatch read = read(batch(9, 9, kind, 1001, List.of(), 0));
        assertThat(read.isControlBatch()).isTrue();
        assertThat(read.isTransactional()).isTrue();
        assertThat(read.producerId()).isEqualTo(1001);
        List<Record> records = new ArrayList<>();
        read.forEach(records::add);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).offset()).isEqualTo(9);
        assertThat(ControlRecordType.parse(records.get(0).key()))
                .isEqualTo(kind == Kind.COMMIT_MARKER ? ControlRecordType.COMMIT : ControlRecordType.ABORT);
    }

    @Test
    void kafkaReadsWhatCompactionLeaves() {
        LogBatch whole = batch(20, 29, Kind.TRANSACTIONAL_DATA, 3, records(20, 21, 24, 29), 8);
        LogBatch rest = whole.keeping(records(21, 24), 8);
        MutableRecordBatch read = read(rest);
        assertThat(read.baseOffset()).isEqualTo(20);
        assertThat(read.lastOffset()).isEqualTo(29);
        assertThat(read.isTransactional()).isTrue();
        assertThat(recordsOf(read)).isEqualTo(records(21, 24));

        MutableRecordBatch empty = read(whole.keeping(List.of(), 8));
        assertThat(empty.lastOffset()).isEqualTo(29);
        assertThat(empty.countOrNull()).isZero();
    }

    @Test
    void theClientReadsTheSameRecords() {
        PartitionLog log = new PartitionLog();
        log.beginEpoch(0);
        log.append(3, 8, 0, -1, 100);
        log.append(2, 8, 0, 1001, 103);
        log.append(2, 8, 0, 1002, 105);
        log.endTransaction(1001, false, 0);
        log.endTransaction(1002, true, 0);
        log.append(1, 8, 0, -1, 107);
        ByteBuffer bytes = log.read(0, log.endOffset(), Integer.MAX_VALUE, true);

        assertThat(writeIds(bytes, 1, false, List.of())).containsExactly(101L, 102L, 103L, 104L, 105L, 106L, 107L);
        assertThat(writeIds(bytes, 1, true, log.abortedWithin(0, log.endOffset())))
                .containsExactly(101L, 102L, 105L, 106L, 107L);
    }

    private static List<Long> writeIds(
            ByteBuffer bytes, long from, boolean readCommitted, List<AbortedTransaction> aborted) {
        List<Long> read = new ArrayList<>();
        try (RecordCursor cursor =
                new RecordCursor(PARTITION, bytes, from, readCommitted, aborted, true, new Decompressor(1 << 20))) {
            while (cursor.next()) {
                read.add(cursor.value().getLong());
            }
            assertThat(cursor.nextOffset()).isEqualTo(10);
        }
        return read;
    }

    private static LogBatch batch(
            long base, long last, Kind kind, long producerId, List<LogRecord> records, int payloadBytes) {
        return RecordBatchWriter.write(base, last, 7, kind, producerId, records, payloadBytes);
    }

    private static List<LogRecord> records(long... offsets) {
        return LongStream.of(offsets)
                .mapToObj(offset -> new LogRecord(offset, offset * 31))
                .toList();
    }

    private static MutableRecordBatch read(LogBatch written) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(written.bytes().duplicate()).batches().forEach(batches::add);
        assertThat(batches).hasSize(1);
        batches.get(0).ensureValid();
        return batches.get(0);
    }

    private static List<LogRecord> recordsOf(MutableRecordBatch batch) {
        List<LogRecord> records = new ArrayList<>();
        for (Record record : batch) {
            record.ensureValid();
            records.add(new LogRecord(record.offset(), record.value().getLong()));
        }
        return records;
    }
}
