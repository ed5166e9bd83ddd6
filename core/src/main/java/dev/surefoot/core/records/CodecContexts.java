package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.jspecify.annotations.Nullable;

/**
 * The contexts in which one thread decompresses batches of every codec. They are used again from batch to batch. Some
 * hold memory outside of the heap, which {@link #close} frees. Not safe for use by several threads.
 *
 * <p>A codec's library is loaded with the first batch that needs it, so it may be missing where no batch is compressed
 * with it. Therefore only the codec's own class refers to classes of its library.
 */
public final class CodecContexts implements AutoCloseable {

    private byte[] copy = new byte[0];

    private @Nullable SnappyStream snappy;
    private @Nullable Lz4Frames lz4;
    private @Nullable GzipMembers gzip;
    private @Nullable ZstdFrames zstd;

    /**
     * Decompresses a batch.
     *
     * @param magic the batch's format; v0 writers checksum LZ4 frame headers wrongly (KAFKA-3160)
     * @param compressed the compressed bytes, from position to limit; neither is changed
     * @param out empty; its content is undefined after an exception
     * @throws InvalidRecordException if the bytes are not what the codec produces
     * @throws RecordBatchTooLargeException if they decompress to more than {@code out} may hold
     * @throws UnsupportedCompressionTypeException if the codec's library cannot be loaded
     */
    void decompress(Codec codec, byte magic, ByteBuffer compressed, Scratch out) {
        try {
            switch (codec) {
                case NONE -> throw uncompressed();
                case GZIP -> gzip().open(compressed).decompress(out);
                case LZ4 -> appendAll(lz4().open(compressed, magic > 0), out);
                case SNAPPY -> appendAll(snappy().open(compressed), out);
                case ZSTD -> {
                    ByteBuffer in = inArray(compressed);
                    zstd().decompress(in.array(), in.arrayOffset() + in.position(), in.remaining(), out);
                }
            }
        } catch (LinkageError e) {
            throw codec.unavailable(e);
        }
    }

    private static void appendAll(CompressedBlocks blocks, Scratch out) {
        boolean more = true;
        while (more) {
            more = blocks.next(out);
        }
    }

    /**
     * Opens a batch to be decompressed a piece at a time, with the same arguments and exceptions as {@link
     * #decompress}. The bytes must not change until the stream is closed.
     */
    static DecompressedStream stream(Codec codec, byte magic, ByteBuffer compressed) {
        try {
            return switch (codec) {
                case NONE -> throw uncompressed();
                case GZIP -> new GzipMembers().open(compressed);
                case LZ4 -> new BlockStream(new Lz4Frames().open(compressed, magic > 0), Lz4Frames.BLOCK_BYTES_MAX);
                case SNAPPY -> new BlockStream(new SnappyStream().open(compressed), SnappyStream.BLOCK_BYTES_MAX);
                case ZSTD -> new ZstdStream(compressed);
            };
        } catch (LinkageError e) {
            throw codec.unavailable(e);
        }
    }

    private static IllegalArgumentException uncompressed() {
        return new IllegalArgumentException("An uncompressed batch is read where it lies");
    }

    /**
     * Returns the compressed bytes in an array. The Zstandard library takes either two arrays or two direct buffers,
     * and the compressed side is the smaller one to copy.
     */
    private ByteBuffer inArray(ByteBuffer compressed) {
        if (compressed.hasArray()) {
            return compressed;
        }
        int size = compressed.remaining();
        if (copy.length < size) {
            copy = new byte[size];
        }
        compressed.get(compressed.position(), copy, 0, size);
        return ByteBuffer.wrap(copy, 0, size);
    }

    private SnappyStream snappy() {
        if (snappy == null) {
            snappy = new SnappyStream();
        }
        return snappy;
    }

    private Lz4Frames lz4() {
        if (lz4 == null) {
            lz4 = new Lz4Frames();
        }
        return lz4;
    }

    private GzipMembers gzip() {
        if (gzip == null) {
            gzip = new GzipMembers();
        }
        return gzip;
    }

    private ZstdFrames zstd() {
        if (zstd == null) {
            zstd = new ZstdFrames();
        }
        return zstd;
    }

    @Override
    public void close() {
        if (gzip != null) {
            gzip.close();
        }
        if (zstd != null) {
            zstd.close();
        }
    }
}
