package dev.surefoot.bench.jmh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Record batches as a producer writes them, with values that compress about as well as log lines. */
final class RecordBytes {
    private static final int LEADER_EPOCH = 5;
    private static final long FIRST_TIMESTAMP = 1_700_000_000_000L;
    private static final String[] WORDS = {
        "order", "accepted", "customer", "payment", "warehouse", "shipped", "0017", "EUR", "id=", "status="
    };

    private RecordBytes() {}

    /**
     * Returns whole batches in direct memory, one behind the other.
     *
     * @param totalBytes bytes of values in all batches together
     * @param batchBytes bytes of values in one batch
     * @param valueBytes bytes of each value
     */
    static ByteBuffer batches(CompressionType codec, int totalBytes, int batchBytes, int valueBytes) {
        SplittableRandom random = new SplittableRandom(1);
        int recordsOfABatch = Math.max(1, batchBytes / valueBytes);
        int count = Math.max(1, totalBytes / (recordsOfABatch * valueBytes));
        ByteBuffer[] written = new ByteBuffer[count];
        int size = 0;
        for (int i = 0; i < count; i++) {
            SimpleRecord[] records = new SimpleRecord[recordsOfABatch];
            for (int j = 0; j < recordsOfABatch; j++) {
                records[j] = new SimpleRecord(FIRST_TIMESTAMP + j, null, value(random, valueBytes));
            }
            long offset = (long) i * recordsOfABatch;
            written[i] = MemoryRecords.withRecords(offset, Compression.of(codec).build(), LEADER_EPOCH, records)
                    .buffer();
            size += written[i].remaining();
        }
        ByteBuffer all = ByteBuffer.allocateDirect(size);
        for (ByteBuffer batch : written) {
            all.put(batch.duplicate());
        }
        return all.flip();
    }

    private static byte[] value(SplittableRandom random, int bytes) {
        StringBuilder words = new StringBuilder(bytes + WORDS.length);
        while (words.length() < bytes) {
            words.append(WORDS[random.nextInt(WORDS.length)])
                    .append(' ')
                    .append(random.nextInt(1000))
                    .append(' ');
        }
        return words.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
    }
}
