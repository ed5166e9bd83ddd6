package dev.surefoot.core.records;

import static dev.surefoot.core.records.BatchBytes.compress;
import static dev.surefoot.core.records.BatchBytes.joined;
import static dev.surefoot.core.records.BatchBytes.wrapper;
import static dev.surefoot.core.records.SizedRecords.kilobytes;
import static dev.surefoot.core.records.SizedRecords.messageOf;
import static dev.surefoot.core.records.SizedRecords.recordOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

/** Batches that are decompressed as a stream give the records that they give when they are decompressed whole. */
class StreamedBatchesTest {

    private static final TopicPartition PARTITION = new TopicPartition("streamed", 4);
    private static final long SEED = 19_481_126;
    private static final int MEGABYTE = 1 << 20;
    private static final int[] PIECES = {1, 2, 7, 61, 1000, 131_072};
    private final Decompressor whole = new Decompressor(16 * MEGABYTE, 16 * MEGABYTE, 1000);

    /** How reading ended: with the records so far, and the exception or null. */
    record Read(List<SeenRecord> seen, long nextOffset, int lastEpoch, KafkaException failure) {}

    static Read read(
            ByteBuffer records,
            long from,
            boolean readCommitted,
            List<AbortedTransaction> aborted,
            Decompressor decompressor) {
        List<SeenRecord> seen = new ArrayList<>();
        RecordCursor cursor = new RecordCursor(PARTITION, records, from, readCommitted, aborted, false, decompressor);
        KafkaException failure = null;
        try {
            while (cursor.next()) {
                seen.add(SeenRecord.of(cursor));
            }
            assertThat(cursor.hasPaused()).isFalse();
        } catch (KafkaException e) {
            failure = e;
        }
        assertThat(decompressor.openStreams()).as("streams left open").isZero();
        return new Read(seen, cursor.nextOffset(), cursor.lastEpoch(), failure);
    }

    private static Decompressor streaming(Random random) {
        int wholeBytes = random.nextInt(3) == 0 ? 1 + random.nextInt(2000) : 1;
        return new Decompressor(16 * MEGABYTE, wholeBytes, PIECES[random.nextInt(PIECES.length)]);
    }

    @Test
    void randomLogsGiveTheSameRecords() {
        for (int i = 0; i < 1_500; i++) {
            Random random = new Random(SEED + i);
            RandomLog log = new RandomLog(random, 1 + random.nextInt(6));
            long from = log.startOffset + random.nextInt((int) (log.endOffset - log.startOffset) + 2);
            boolean readCommitted = random.nextBoolean();
            Read expected = read(log.records(), from, readCommitted, log.aborted, whole);
            Read streamed = read(log.records(), from, readCommitted, log.aborted, streaming(random));
            assertThat(streamed).as("seed %d", SEED + i).isEqualTo(expected);
            assertThat(expected.failure()).isNull();
        }
    }

    /** What is refused whole is refused as a stream, though perhaps after some of its records; and the same is read. */
    @Test
    void damagedLogsAreReadOrRefusedTheSameWay() {
        int refused = 0;
        int runs = 6_000;
        for (int i = 0; i < runs; i++) {
            Random random = new Random(SEED - i);
            RandomLog log = new RandomLog(random, 1 + random.nextInt(3));
            ByteBuffer damaged = BatchBytes.joined(log.records());
            if (!damaged.hasRemaining()) {
                continue; // compacted away
            }
            int at = random.nextInt(damaged.limit());
            damaged.put(at, (byte) (damaged.get(at) ^ 1 << random.nextInt(8)));
            Read expected = read(damaged, log.startOffset, false, log.aborted, whole);
            Read streamed = read(damaged, log.startOffset, false, log.aborted, streaming(random));
            String seed = "seed " + (SEED - i) + ": " + expected.failure() + " / " + streamed.failure();
            if (expected.failure() == null) {
                assertThat(streamed).as(seed).isEqualTo(expected);
            } else {
                refused++;
                assertThat(streamed.failure()).as(seed).isNotNull();
                int before = expected.seen().size();
                assertThat(streamed.seen()).as(seed).hasSizeGreaterThanOrEqualTo(before);
                assertThat(streamed.seen().subList(0, before)).as(seed).isEqualTo(expected.seen());
                assertThat(streamed.nextOffset()).as(seed).isGreaterThanOrEqualTo(expected.nextOffset());
            }
        }
        assertThat(refused).isBetween(runs / 20, runs - runs / 20);
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void recordsOfEverySizeAroundAPieceAreRead(CompressionType type) {
        for (int pieceBytes : new int[] {1, 2, 16, 64, 128, 500}) {
            for (int valueBytes = Math.max(0, pieceBytes - 20); valueBytes < pieceBytes + 20; valueBytes++) {
                ByteBuffer batch = batch(type, valueBytes, 3 * valueBytes, 0, valueBytes);
                Decompressor streaming = new Decompressor(MEGABYTE, 1, pieceBytes);
                Read expected = read(batch, 0, false, List.of(), whole);
                assertThat(expected.seen()).hasSize(4);
                assertThat(read(batch, 0, false, List.of(), streaming))
                        .as("%d bytes, pieces of %d", valueBytes, pieceBytes)
                        .isEqualTo(expected);
                for (int magic = 0; magic <= 1 && type != CompressionType.ZSTD; magic++) {
                    ByteBuffer set = ByteBuffer.wrap(wrapper(
                            magic,
                            type,
                            90,
                            messageOf(magic, 5, valueBytes),
                            messageOf(magic, 6, 2 * valueBytes),
                            messageOf(magic, 8, 0)));
                    Read messages = read(set, 0, false, List.of(), whole);
                    assertThat(messages.seen()).hasSize(3);
                    assertThat(messages.seen().get(0).offset()).isEqualTo(magic == 0 ? 5 : 87);
                    assertThat(read(set, 0, false, List.of(), streaming))
                            .as("format %d, %d bytes, pieces of %d", magic, valueBytes, pieceBytes)
                            .isEqualTo(messages);
                }
            }
        }
    }

    /** A batch with one record for each size. */
    private static ByteBuffer batch(CompressionType type, int... valueBytes) {
        byte[][] records = new byte[valueBytes.length][];
        for (int i = 0; i < valueBytes.length; i++) {
            records[i] = recordOf(i, valueBytes[i]);
        }
        BatchBytes batch = new BatchBytes().records(records).compressed(type);
        batch.count = records.length;
        batch.lastOffsetDelta = records.length - 1;
        return batch.build();
    }

    /** The record count of a batch is a claim like any other. */
    @Test
    void aBatchThatClaimsAllRecordsThereCanBeIsReadToItsEnd() {
        BatchBytes batch = new BatchBytes().records(recordOf(0, 5), recordOf(1, 5));
        batch.compressed(CompressionType.ZSTD).count = Integer.MAX_VALUE;
        for (Decompressor decompressor : List.of(whole, new Decompressor(MEGABYTE, 1, 7))) {
            Read read = read(batch.build(), 0, false, List.of(), decompressor);
            assertThat(read.seen()).hasSize(2);
            assertThat(read.failure()).hasMessageContaining("records short of its record count");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aStreamIsClosedHoweverReadingEnds(CompressionType type) {
        ByteBuffer records = batch(type, 100, 100, 100);
        Decompressor decompressor = new Decompressor(MEGABYTE, 1, 10);
        RecordCursor left = new RecordCursor(PARTITION, records, 0, false, List.of(), true, decompressor);
        RecordCursor other = new RecordCursor(PARTITION, records, 0, false, List.of(), true, decompressor);
        assertThat(left.next()).isTrue();
        assertThat(other.next()).isTrue();
        assertThat(decompressor.openStreams()).isEqualTo(2);
        left.close();
        left.close();
        assertThat(decompressor.openStreams()).isEqualTo(1);
        assertThat(other.next()).isTrue();
        assertThat(other.valueSize()).isEqualTo(100);
        assertThat(other.next()).isTrue();
        assertThat(other.next()).isFalse();
        assertThat(decompressor.openStreams()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void streamsThatFollowOneAnotherAndCutOnesAreReadAsWholeOnes(CompressionType type) {
        byte[] content = new byte[3000];
        new Random(SEED).nextBytes(content);
        byte[] once = compress(type, 2, content);
        assertThat(streamed(type, joined(once, once))).isEqualTo(joined(content, content));
        for (int length = 1; length < once.length; length += 1 + length / 50) {
            // Snappy's framing has no end: a stream without a block, cut after its header, is an empty one.
            if (type != CompressionType.SNAPPY || length != 16) {
                byte[] cut = Arrays.copyOf(once, length);
                assertThatThrownBy(() -> streamed(type, cut))
                        .as("cut to %d of %d bytes", length, once.length)
                        .isInstanceOf(InvalidRecordException.class);
            }
        }
    }

    @Test
    void aBareSnappyBlockIsStreamed() throws IOException {
        byte[] content = kilobytes(6_000, 2);
        assertThat(streamed(CompressionType.SNAPPY, Snappy.compress(content))).isEqualTo(content);
    }

    private static byte[] streamed(CompressionType type, byte[] compressed) {
        ByteBuffer direct = ByteBuffer.allocateDirect(compressed.length).put(compressed);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] piece = new byte[100];
        try (DecompressedStream stream = CodecContexts.stream(Codec.of(type.id), (byte) 2, direct.flip())) {
            for (int read = stream.read(piece, 10, 90); read >= 0; read = stream.read(piece, 10, 90)) {
                assertThat(read).isPositive();
                content.write(piece, 10, read);
            }
            assertThat(stream.read(piece, 10, 90)).isEqualTo(-1);
        }
        return content.toByteArray();
    }
}
