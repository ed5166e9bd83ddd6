package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * A stretch of a partition's log as a broker might hold it: batches of all formats and codecs, transactions and their
 * markers, gaps in the offsets, some of it compacted. Written by kafka-clients' own classes.
 */
final class RandomLog {

    private static final int PRODUCERS = 3;

    private final Random random;
    private final ByteBufferOutputStream out = new ByteBufferOutputStream(4096);
    private final Map<Long, Long> openTransactions = new HashMap<>();

    final List<AbortedTransaction> aborted = new ArrayList<>();
    final long startOffset;
    long endOffset;
    private int leaderEpoch;

    RandomLog(Random random, int batches) {
        this.random = random;
        startOffset = random.nextInt(4) == 0 ? 0 : random.nextInt(1000) + (random.nextInt(8) == 0 ? 1L << 40 : 0);
        endOffset = startOffset;
        for (int i = 0; i < batches; i++) {
            endOffset += random.nextInt(4) == 0 ? random.nextInt(20) : 0;
            leaderEpoch += random.nextInt(3) == 0 ? 1 : 0;
            append();
        }
    }

    ByteBuffer records() {
        ByteBuffer records = out.buffer().duplicate();
        records.flip();
        return records;
    }

    private void append() {
        switch (random.nextInt(12)) {
            case 0, 1 -> appendMarker();
            case 2 -> appendControl();
            case 3, 4, 5 -> appendTransactional();
            case 6 -> appendPlain((byte) 0);
            case 7 -> appendPlain((byte) 1);
            default -> appendPlain((byte) 2);
        }
    }

    private void appendMarker() {
        long producerId = random.nextInt(PRODUCERS);
        Long firstOffset = openTransactions.remove(producerId);
        boolean abort = random.nextBoolean();
        if (abort && firstOffset != null) {
            aborted.add(random.nextInt(aborted.size() + 1), new AbortedTransaction(producerId, firstOffset));
        }
        write(MemoryRecords.withEndTransactionMarker(
                endOffset,
                random.nextInt(1000),
                leaderEpoch,
                producerId,
                (short) 0,
                new EndTransactionMarker(abort ? ControlRecordType.ABORT : ControlRecordType.COMMIT, 0)));
        endOffset++;
    }

    private void appendControl() {
        MemoryRecordsBuilder builder = builder((byte) 2, RecordBatch.NO_PRODUCER_ID, false, true);
        ByteBuffer key = ByteBuffer.allocate(4);
        key.putShort((short) 0).putShort(ControlRecordType.LEADER_CHANGE.type()).flip();
        builder.appendControlRecordWithOffset(endOffset, new SimpleRecord(5, key, ByteBuffer.allocate(3)));
        write(builder.build());
        endOffset++;
    }

    private void appendTransactional() {
        long producerId = random.nextInt(PRODUCERS);
        openTransactions.putIfAbsent(producerId, endOffset);
        write(maybeCompacted(filled(builder((byte) 2, producerId, true, false), (byte) 2)));
    }

    private void appendPlain(byte magic) {
        long producerId = magic == 2 && random.nextInt(3) == 0 ? random.nextInt(PRODUCERS) : RecordBatch.NO_PRODUCER_ID;
        write(maybeCompacted(filled(builder(magic, producerId, false, false), magic)));
    }

    private MemoryRecordsBuilder builder(byte magic, long producerId, boolean transactional, boolean control) {
        CompressionType[] types = CompressionType.values();
        CompressionType type = types[control ? 0 : random.nextInt(magic < 2 ? types.length - 1 : types.length)];
        boolean logAppendTime = magic > 0 && random.nextInt(3) == 0;
        boolean hasProducer = producerId >= 0;
        return MemoryRecords.builder(
                ByteBuffer.allocate(512),
                magic,
                Compression.of(type).build(),
                logAppendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                endOffset,
                logAppendTime ? 1_700_000_000_000L + random.nextInt(1000) : RecordBatch.NO_TIMESTAMP,
                producerId,
                (short) (hasProducer ? 0 : -1),
                hasProducer ? 0 : -1,
                transactional,
                control,
                leaderEpoch);
    }

    private MemoryRecords filled(MemoryRecordsBuilder builder, byte magic) {
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 8);
        long base = random.nextInt(6) == 0 ? 0 : 1_600_000_000_000L;
        boolean gaps = random.nextInt(4) == 0;
        for (int i = 0; i < count; i++) {
            endOffset += gaps ? random.nextInt(5) : 0;
            Header[] headers = magic == 2 && random.nextInt(4) == 0 ? headers() : new Header[0];
            builder.appendWithOffset(endOffset++, base + random.nextInt(100_000), bytes(20), bytes(200), headers);
        }
        return builder.build();
    }

    private Header[] headers() {
        Header[] headers = new Header[random.nextInt(5)];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = new RecordHeader("é".repeat(random.nextInt(3)) + "h" + random.nextInt(9), bytes(30));
        }
        return headers;
    }

    private byte[] bytes(int usualMax) {
        int kind = random.nextInt(200);
        if (kind < 20) {
            return null;
        }
        if (kind == 199) {
            // More than one block of any codec, and compressible.
            return "Surefoot ".repeat(random.nextInt(20_000)).getBytes(StandardCharsets.US_ASCII);
        }
        byte[] bytes = new byte[random.nextInt(usualMax)];
        if (kind < 100) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    private MemoryRecords maybeCompacted(MemoryRecords records) {
        if (random.nextInt(3) > 0) {
            return records;
        }
        int kept = random.nextInt(4);
        RecordFilter filter = new RecordFilter(1_000_000, 1000) {
            @Override
            protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
                return new BatchRetentionResult(
                        batch.magic() == 2 ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
                return random.nextInt(4) < kept;
            }
        };
        MemoryRecords.FilterResult result = records.filterTo(
                filter, ByteBuffer.allocate(records.sizeInBytes() + 100), BufferSupplier.NO_CACHING, Integer.MAX_VALUE);
        ByteBuffer compacted = result.outputBuffer();
        compacted.flip();
        return MemoryRecords.readableRecords(compacted);
    }

    private void write(MemoryRecords records) {
        for (var batch : records.batches()) {
            if (batch.magic() == 2) {
                batch.setPartitionLeaderEpoch(leaderEpoch);
            }
        }
        out.write(records.buffer());
    }
}
