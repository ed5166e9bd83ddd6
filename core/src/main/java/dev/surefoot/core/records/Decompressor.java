package dev.surefoot.core.records;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;

/**
 * Decompresses whole batches into scratch memory that is used again from batch to batch.
 *
 * <p>Several cursors of one thread may share a decompressor, also with batches open at the same time: each open batch has its
 * own scratch memory. Not safe for use by several threads.
 */
public final class Decompressor {

    /** Scratch memory beyond this is left to the garbage collector, so that one huge batch does not occupy the heap for ever. */
    private static final int KEPT_BYTES_MAX = 16 * 1024 * 1024;

    private final int maxBytes;
    private final SnappyStream snappy = new SnappyStream();
    private final Lz4Frames lz4 = new Lz4Frames();
    private final ArrayDeque<Scratch> kept = new ArrayDeque<>();
    private int keptBytes;
    private byte[] copy = new byte[0];

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
        int size = compressed.remaining();
        byte[] in;
        int start;
        if (compressed.hasArray()) {
            in = compressed.array();
            start = compressed.arrayOffset() + compressed.position();
        } else {
            in = copyOf(compressed);
            start = 0;
        }
        switch (codec) {
            case NONE -> throw new IllegalArgumentException("An uncompressed batch is read where it lies");
            case GZIP -> gunzip(in, start, size, out);
            case SNAPPY -> snappy.decompress(in, start, size, out);
            case LZ4 -> lz4.decompress(in, start, size, magic > 0, out);
            case ZSTD -> unzstd(in, start, size, out);
        }
    }

    /** The native codecs take either two arrays or two direct buffers; the small compressed side is the cheap one to move. */
    private byte[] copyOf(ByteBuffer compressed) {
        int size = compressed.remaining();
        if (copy.length < size) {
            copy = new byte[size];
        }
        compressed.get(compressed.position(), copy, 0, size);
        return copy;
    }

    private static void gunzip(byte[] in, int start, int size, Scratch out) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(in, start, size), 8192)) {
            while (true) {
                if (out.room() == 0) {
                    int next = gzip.read();
                    if (next < 0) {
                        return;
                    }
                    out.grow();
                    out.bytes()[out.length()] = (byte) next;
                    out.length(out.length() + 1);
                }
                int read = gzip.read(out.bytes(), out.length(), out.room());
                if (read < 0) {
                    return;
                }
                out.length(out.length() + read);
            }
        }
    }

    /**
     * Decompresses all frames in one pass and starts again with more room when it does not suffice. A stream would not have to
     * start again, but takes a window of the size the frame claims, and copies.
     */
    private static void unzstd(byte[] in, int start, int size, Scratch out) {
        try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
            while (true) {
                try {
                    out.length(zstd.decompressByteArray(out.bytes(), 0, out.capacity(), in, start, size));
                    return;
                } catch (ZstdException e) {
                    if (e.getErrorCode() != Zstd.errDstSizeTooSmall()) {
                        throw e;
                    }
                }
                out.grow();
            }
        }
    }
}
