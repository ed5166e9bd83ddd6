package dev.surefoot.core.records;

import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses whole batches into scratch memory that is used again from batch to batch.
 *
 * <p>The memory is an array: a value is copied out of one faster than out of a direct buffer. Several cursors of one thread
 * may share a decompressor, also with batches open at the same time: each open batch has its own scratch memory. Not safe for
 * use by several threads. Close it to free what its codecs hold outside of the heap.
 */
public final class Decompressor implements AutoCloseable {

    /** Scratch memory beyond this is left to the garbage collector, so that one huge batch does not occupy the heap for ever. */
    private static final int KEPT_BYTES_MAX = 16 * 1024 * 1024;

    private final int maxBytes;
    private final ArrayDeque<Scratch> kept = new ArrayDeque<>();
    private int keptBytes;
    private byte[] copy = new byte[0];

    // Each made with the first batch that needs it: to load a native library takes longer than to read many batches.
    private final SnappyStream snappy = new SnappyStream();
    private @Nullable Lz4Frames lz4;
    private @Nullable GzipMembers gzip;
    private @Nullable ZstdFrames zstd;

    /**
     * @param maxBytes the largest size a batch may decompress to
     * @throws IllegalArgumentException if it is not positive
     */
    public Decompressor(int maxBytes) {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("The largest decompressed size must be positive, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /**
     * Decompresses a batch; the caller owns the result until it gives it back.
     *
     * @param magic the batch's format; v0 writers checksum LZ4 frame headers wrongly (KAFKA-3160)
     * @param compressed the compressed bytes, from position to limit; neither is changed
     * @throws InvalidRecordException if the bytes are not what the codec produces
     * @throws RecordBatchTooLargeException if they decompress to more than the limit
     */
    Scratch decompress(Codec codec, byte magic, ByteBuffer compressed) {
        Scratch scratch = borrow();
        boolean done = false;
        try {
            decompress(codec, magic, compressed, scratch);
            done = true;
            return scratch;
        } catch (IOException | ZstdException e) {
            throw new InvalidRecordException("its " + codec + " data cannot be decompressed: " + e.getMessage(), e);
        } finally {
            if (!done) {
                giveBack(scratch);
            }
        }
    }

    void giveBack(Scratch scratch) {
        if (keptBytes + scratch.capacity() <= KEPT_BYTES_MAX) {
            keptBytes += scratch.capacity();
            kept.push(scratch);
        }
    }

    private Scratch borrow() {
        Scratch scratch = kept.poll();
        if (scratch == null) {
            return new Scratch(maxBytes);
        }
        keptBytes -= scratch.capacity();
        scratch.clear();
        return scratch;
    }

    private void decompress(Codec codec, byte magic, ByteBuffer compressed, Scratch out) throws IOException {
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
