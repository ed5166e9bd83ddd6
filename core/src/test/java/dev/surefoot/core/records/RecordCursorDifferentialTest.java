package dev.surefoot.core.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Test;

/** The cursor and the scanner see what kafka-clients' own classes see. */
class RecordCursorDifferentialTest {

    private static final TopicPartition PARTITION = new TopicPartition("random", 3);
    private static final long SEED = 20_261_101;
    private static final int LOGS = 2_000;

    @Test
    void randomLogsReadAsKafkaReadsThem() {
        Decompressor decompressor = new Decompressor(16 * 1024 * 1024);
        for (int i = 0; i < LOGS; i++) {
            Random random = new Random(SEED + i);
            RandomLog log = new RandomLog(random, 1 + random.nextInt(8));
            ByteBuffer records = placed(log.records(), random);
            int length = (int) (log.endOffset - log.startOffset);
            for (int reads = 0; reads < 3; reads++) {
                long from = log.startOffset + random.nextInt(length + 2);
                compare("seed " + (SEED + i), records, from, random.nextBoolean(), log.aborted, decompressor);
            }
        }
    }

    private static void compare(
            String seed,
            ByteBuffer records,
            long from,
            boolean readCommitted,
            List<AbortedTransaction> aborted,
            Decompressor decompressor) {
        KafkaReader expected = KafkaReader.read(records, from, readCommitted, aborted);
        List<SeenRecord> seen = new ArrayList<>();
        RecordCursor cursor = new RecordCursor(PARTITION, records, from, readCommitted, aborted, true, decompressor);
        long before = cursor.nextOffset();
        while (cursor.next()) {
            seen.add(SeenRecord.of(cursor));
            assertThat(cursor.nextOffset())
                    .as(seed)
                    .isGreaterThan(cursor.offset())
                    .isGreaterThanOrEqualTo(before);
            before = cursor.nextOffset();
        }
        assertThat(seen).as(seed).isEqualTo(expected.seen);
        assertThat(cursor.nextOffset()).as(seed).isEqualTo(expected.nextOffset);
        assertThat(cursor.lastEpoch()).as(seed).isEqualTo(expected.lastEpoch);
    }

    @Test
    void theScannerCountsWhatKafkaCounts() {
        for (int i = 0; i < LOGS / 2; i++) {
            long seed = SEED - i;
            Random random = new Random(seed);
            RandomLog log = new RandomLog(random, 1 + random.nextInt(6));
            ByteBuffer records = placed(log.records(), random);
            records.limit(records.position() + random.nextInt(records.remaining() + 1));
            long from = log.startOffset + random.nextInt(30);

            ScannedBatches scanned = BatchScanner.scan(PARTITION, records, from);

            int batches = 0;
            int bytes = 0;
            long end = -1;
            int epoch = -1;
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(records.duplicate()).batches()) {
                batches++;
                bytes += batch.sizeInBytes();
                end = batch.nextOffset();
                epoch = batch.partitionLeaderEpoch();
            }
            assertThat(scanned.problem()).as("seed %d", seed).isNull();
            assertThat(scanned.batches()).as("seed %d", seed).isEqualTo(batches);
            assertThat(scanned.validBytes()).as("seed %d", seed).isEqualTo(bytes);
            assertThat(scanned.endOffset()).as("seed %d", seed).isEqualTo(end);
            assertThat(scanned.nextOffset()).as("seed %d", seed).isEqualTo(Math.max(end, from));
            assertThat(scanned.lastLeaderEpoch()).as("seed %d", seed).isEqualTo(epoch);
        }
    }

    /** The same bytes in the middle of a heap or direct buffer. */
    private static ByteBuffer placed(ByteBuffer records, Random random) {
        int before = random.nextInt(40);
        int size = before + records.remaining() + random.nextInt(40);
        ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
        buffer.position(before)
                .put(records.duplicate())
                .limit(buffer.position())
                .position(before);
        return buffer;
    }
}
