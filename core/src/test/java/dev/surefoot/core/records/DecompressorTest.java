package dev.surefoot.core.records;

import static dev.surefoot.core.records.BatchBytes.compress;
import static dev.surefoot.core.records.BatchBytes.joined;
import static dev.surefoot.core.records.BatchBytes.varint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jpountz.xxhash.XXHashFactory;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

class DecompressorTest {

    private static final int MEGABYTE = 1 << 20;

    private final Decompressor decompressor = new Decompressor(8 * MEGABYTE);

    private static byte[] decompressed(Decompressor decompressor, Codec codec, int magic, byte[] compressed) {
        Scratch scratch = decompressor.decompress(codec, (byte) magic, ByteBuffer.wrap(compressed));
        try {
            return Arrays.copyOf(scratch.bytes(), scratch.length());
        } finally {
            scratch.release();
        }
    }

    private byte[] decompressed(Codec codec, byte[] compressed) {
        return decompressed(decompressor, codec, 2, compressed);
    }

    private static byte[] text(int size) {
        byte[] text = new byte[size];
        Random random = new Random(size);
        for (int i = 0; i < size; i++) {
            text[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : i >> 8);
        }
        return text;
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void contentOfEverySizeComesBack(CompressionType type) {
        Codec codec = Codec.of(type.id);
        for (int size : new int[] {0, 1, 100, 65_535, 65_536, 65_537, 300_000, 3 * MEGABYTE}) {
            Decompressor exact = new Decompressor(Math.max(1, size));
            byte[] content = text(size);
            byte[] compressed = compress(type, 2, content);
            assertThat(decompressed(codec, compressed)).isEqualTo(content);
            assertThat(decompressed(exact, codec, 2, compressed)).isEqualTo(content);
            if (size > 1) {
                Decompressor tooSmall = new Decompressor(size - 1);
                assertThatThrownBy(() -> decompressed(tooSmall, codec, 2, compressed))
                        .isInstanceOf(RecordBatchTooLargeException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aRecordBeyondTheBoundFailsWithoutAllocating(CompressionType type) {
        BatchBytes batch = new BatchBytes();
        batch.attributes = type.id;
        batch.records = compress(type, 2, joined(varint(200 * MEGABYTE), new byte[MEGABYTE - 5]), 200);
        RecordCursor cursor = new RecordCursor(
                new TopicPartition("bomb", 2), batch.build(), 100, false, List.of(), true, new Decompressor(MEGABYTE));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(cursor::next)
                .isInstanceOf(RecordTooLargeException.class)
                .hasMessageContaining("bomb-2 at offset 100")
                .hasMessageContaining("claims 209715200 bytes, more than the 1048576 bytes")
                .hasMessageContaining("surefoot.decompressed.batch.max.bytes");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(6L * MEGABYTE);
        assertThat(cursor.nextOffset()).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void directBuffersAndReadOnlyBuffersAreRead(CompressionType type) {
        byte[] content = text(10_000);
        byte[] compressed = compress(type, 2, content);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(compressed.length + 20).position(20).put(compressed);
        for (ByteBuffer buffer :
                List.of(direct.flip().position(20), ByteBuffer.wrap(compressed).asReadOnlyBuffer())) {
            Scratch scratch = decompressor.decompress(Codec.of(type.id), (byte) 2, buffer);
            assertThat(scratch.content()).isEqualTo(ByteBuffer.wrap(content));
            assertThat(buffer.remaining()).isEqualTo(compressed.length);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aCutStreamIsRefused(CompressionType type) {
        byte[] compressed = compress(type, 2, text(500));
        for (int length = 1; length < compressed.length; length++) {
            byte[] cut = Arrays.copyOf(compressed, length);
            // Snappy's framing has no end: a stream without a block, cut after its header, is an empty one.
            if (type == CompressionType.SNAPPY && length == 16) {
                continue;
            }
            assertThatThrownBy(() -> decompressed(Codec.of(type.id), cut))
                    .as("cut to %d of %d bytes", length, compressed.length)
                    .isInstanceOf(InvalidRecordException.class);
        }
    }

    @Test
    void bareSnappyIsRead() throws IOException {
        byte[] content = text(100_000);
        assertThat(decompressed(Codec.SNAPPY, Snappy.compress(content))).isEqualTo(content);
    }

    @Test
    void aSnappyBlockThatClaimsTheImpossibleIsRefused() {
        byte[] claim = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x03, 0, 'x'};
        assertThatThrownBy(() -> decompressed(Codec.SNAPPY, claim))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("claims that 6 bytes decompress to 8388607");
    }

    @Test
    void concatenatedStreamsAreRead() {
        byte[] content = text(1000);
        for (CompressionType type : CompressionType.values()) {
            if (type != CompressionType.NONE) {
                byte[] once = compress(type, 2, content);
                assertThat(decompressed(Codec.of(type.id), joined(once, once))).isEqualTo(joined(content, content));
            }
        }
    }

    @Test
    void zstdFramesWithTheirSizeAreRead() {
        byte[] content = text(200_000);
        byte[] frame = Zstd.compress(content);
        assertThat(decompressed(Codec.ZSTD, joined(frame, frame))).isEqualTo(joined(content, content));
    }

    @Test
    void theWrongHeaderChecksumOfOldLz4WritersIsToleratedInV0Only() {
        byte[] content = text(1000);
        byte[] v0 = compress(CompressionType.LZ4, 0, content);
        assertThat(decompressed(decompressor, Codec.LZ4, 0, v0)).isEqualTo(content);
        assertThat(decompressed(decompressor, Codec.LZ4, 0, compress(CompressionType.LZ4, 1, content)))
                .isEqualTo(content);
        assertThatThrownBy(() -> decompressed(decompressor, Codec.LZ4, 1, v0))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("frame header does not match its checksum");
    }

    @Test
    void lz4FramesOfAllKindsKafkaReadsAreRead() {
        byte[] content = "stored".getBytes(StandardCharsets.US_ASCII);
        // Block checksums, content size and content checksum, around one stored block.
        assertThat(decompressed(Codec.LZ4, lz4Frame(0x7C, content, 0))).isEqualTo(content);
        assertThat(decompressed(Codec.LZ4, lz4Frame(0x60, content, 0))).isEqualTo(content);
    }

    @Test
    void lz4FramesThatKafkaRefusesAreRefused() {
        byte[] content = {1, 2, 3};
        assertThatThrownBy(() -> decompressed(Codec.LZ4, lz4Frame(0x40, content, 0)))
                .hasMessageContaining("links its blocks");
        assertThatThrownBy(() -> decompressed(Codec.LZ4, lz4Frame(0xA0, content, 0)))
                .hasMessageContaining("do not fit a version 1 frame");
        assertThatThrownBy(() -> decompressed(Codec.LZ4, lz4Frame(0x70, content, 1)))
                .hasMessageContaining("block does not match its checksum");
    }

    private static byte[] lz4Frame(int flags, byte[] content, int damage) {
        var hash = XXHashFactory.safeInstance().hash32();
        ByteBuffer frame = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0x184D2204).put((byte) flags).put((byte) 0x40);
        if ((flags & 0x08) != 0) {
            frame.putLong(content.length);
        }
        frame.put((byte) (hash.hash(frame.array(), 4, frame.position() - 4, 0) >> 8));
        frame.putInt(content.length | 0x80000000).put(content);
        if ((flags & 0x10) != 0) {
            frame.putInt(hash.hash(content, 0, content.length, 0) + damage);
        }
        frame.putInt(0);
        if ((flags & 0x04) != 0) {
            frame.putInt(hash.hash(content, 0, content.length, 0));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    @Test
    void theLimitMustBePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Decompressor(0));
    }

    @Test
    void scratchMemoryIsUsedAgain() {
        byte[] compressed = compress(CompressionType.ZSTD, 2, text(100_000));
        Scratch first = decompressor.decompress(Codec.ZSTD, (byte) 2, ByteBuffer.wrap(compressed));
        first.release();
        assertThat(decompressor.decompress(Codec.ZSTD, (byte) 2, ByteBuffer.wrap(compressed)))
                .isSameAs(first);
        assertThat(decompressor.decompress(Codec.ZSTD, (byte) 2, ByteBuffer.wrap(compressed)))
                .isNotSameAs(first);
    }
}
