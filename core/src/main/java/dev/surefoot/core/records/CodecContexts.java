package dev.surefoot.core.records;

import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * What one thread needs to decompress batches of every codec. It is used again from batch to batch, and some of it lies outside
 * of the heap: close it to free that. Not safe for use by several threads.
 */
public final class CodecContexts implements AutoCloseable {

    private byte[] copy = new byte[0];

    // Each made with the first batch that needs it: to load a native library takes longer than to read many batches.
    private final SnappyStream snappy = new SnappyStream();
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
     */
    void decompress(Codec codec, byte magic, ByteBuffer compressed, Scratch out) {
        try {
            switch (codec) {
                case NONE -> throw new IllegalArgumentException("An uncompressed batch is read where it lies");
                case GZIP -> gzip().decompress(compressed, out);
                case LZ4 -> lz4().decompress(compressed, magic > 0, out);
                case SNAPPY -> {
                    ByteBuffer in = inArray(compressed);
                    snappy.decompress(in.array(), in.arrayOffset() + in.position(), in.remaining(), out);
                }
                case ZSTD -> {
                    ByteBuffer in = inArray(compressed);
                    zstd().decompress(in.array(), in.arrayOffset() + in.position(), in.remaining(), out);
                }
            }
        } catch (IOException | ZstdException e) {
            throw new InvalidRecordException("its " + codec + " data cannot be decompressed: " + e.getMessage(), e);
        }
    }

    /** Some codecs take either two arrays or two direct buffers; the small compressed side is the cheap one to move. */
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
