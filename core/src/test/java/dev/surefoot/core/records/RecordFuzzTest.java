package dev.surefoot.core.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;

/** Damaged bytes are either read as records in order or refused with a KafkaException; nothing else may happen. */
class RecordFuzzTest {

    private static final TopicPartition PARTITION = new TopicPartition("fuzzed", 0);
    private static final long SEED = 7_031_985;
    private static final int[] EXTREMES = {
        0, 1, -1, 7, 8, 127, 128, 255, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 12, -2
    };

    private final Decompressor decompressor = new Decompressor(4 << 20);

    @Test
    void damagedLogsAreReadOrRefused() {
        int refused = 0;
        int runs = 0;
        for (int i = 0; i < 250; i++) {
            Random random = new Random(SEED + i);
            RandomLog log = new RandomLog(random, 1 + random.nextInt(4));
            if (log.records().remaining() > 20_000) {
                continue;
            }
            for (int j = 0; j < 120; j++) {
                ByteBuffer damaged = damaged(log.records(), random);
                long from = log.startOffset + random.nextInt(5);
                refused += read("seed " + (SEED + i) + ", round " + j, damaged, from, log.aborted, random) ? 0 : 1;
                runs++;
            }
        }
        assertThat(refused).isBetween(runs / 10, runs - runs / 10);
    }

    /** The checksum is right and the damage lies beneath the compression, where it reaches the decoding of records. */
    @Test
    void damagedRecordsWithinSoundBatchesAreReadOrRefused() {
        int refused = 0;
        int runs = 30_000;
        for (int i = 0; i < runs; i++) {
            Random random = new Random(SEED + i);
            BatchBytes batch = BatchBytes.sound();
            if (random.nextBoolean()) {
                batch.records(
                        batch.records,
                        BatchBytes.recordOf(BatchBytes.bytes(1, 2, 9, 9, 6, 2, 'h', 2, 'v', 2, 'i', 1, 0, 0)));
                batch.count = 4;
                batch.lastOffsetDelta = 3;
            }
            batch.records = damaged(ByteBuffer.wrap(batch.records), random).array();
            CompressionType type = CompressionType.values()[random.nextInt(20) == 0 ? random.nextInt(5) : 0];
            if (type != CompressionType.NONE) {
                batch.compressed(type);
            }
            refused += read("seed " + (SEED + i), batch.build(), 100, List.of(), random) ? 0 : 1;
        }
        assertThat(refused).isBetween(runs / 10, runs - runs / 20);
    }

    @Test
    void randomBytesAreReadOrRefused() {
        for (int i = 0; i < 20_000; i++) {
            Random random = new Random(SEED + i);
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 17) {
                ByteBuffer.wrap(bytes).putLong(0, random.nextInt(100)).putInt(8, bytes.length - 12 - random.nextInt(3));
                bytes[16] = (byte) random.nextInt(3);
            }
            read("seed " + (SEED + i), ByteBuffer.wrap(bytes), 0, List.of(), random);
        }
    }

    /** @return whether all was read, without an exception */
    private boolean read(String seed, ByteBuffer records, long from, List<AbortedTransaction> aborted, Random random) {
        boolean readCommitted = random.nextBoolean();
        boolean checkCrcs = random.nextInt(4) == 0;
        RecordCursor cursor =
                new RecordCursor(PARTITION, records, from, readCommitted, aborted, checkCrcs, decompressor);
        long previous = from - 1;
        long position = from;
        try {
            ScannedBatches scanned = BatchScanner.scan(PARTITION, records, from);
            while (cursor.next()) {
                if (cursor.offset() <= previous || cursor.nextOffset() <= Math.max(cursor.offset(), position)) {
                    fail("%s: offset %d after %d, next %d", seed, cursor.offset(), previous, cursor.nextOffset());
                }
                previous = cursor.offset();
                position = cursor.nextOffset();
                SeenRecord.of(cursor);
            }
            if (cursor.nextOffset() != scanned.nextOffset()) {
                fail("%s: the cursor ends at %d, the scan at %d", seed, cursor.nextOffset(), scanned.nextOffset());
            }
            return true;
        } catch (KafkaException e) {
            assertThat(e).as(seed).hasMessageContaining("fuzzed-0 at offset ");
            assertThat(cursor.nextOffset()).as(seed).isGreaterThanOrEqualTo(position);
            return false;
        } catch (RuntimeException | OutOfMemoryError e) {
            return fail(seed, e);
        }
    }

    private static ByteBuffer damaged(ByteBuffer sound, Random random) {
        ByteBuffer damaged = BatchBytes.joined(sound);
        int places = damaged.limit() == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < places; i++) {
            // Half of the damage goes to the first header, where most can go wrong.
            int at = random.nextInt(random.nextBoolean() ? damaged.limit() : Math.min(70, damaged.limit()));
            switch (random.nextInt(5)) {
                case 0 -> damaged.put(at, (byte) (damaged.get(at) ^ 1 << random.nextInt(8)));
                case 1 -> damaged.put(at, (byte) random.nextInt(256));
                case 2 -> damaged.put(at, (byte) EXTREMES[random.nextInt(EXTREMES.length)]);
                case 3 -> {
                    if (at + 4 <= damaged.limit()) {
                        damaged.putInt(at, EXTREMES[random.nextInt(EXTREMES.length)]);
                    }
                }
                default -> damaged.put(at, (byte) (damaged.get(at) + 1));
            }
        }
        return damaged;
    }
}
