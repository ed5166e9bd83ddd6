package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;

/**
 * Decompresses whole batches into scratch memory that is used again from batch to batch.
 *
 * <p>Several cursors of one thread may share a decompressor, also with batches open at the same time: each open batch has its
 * own scratch memory. Not safe for use by several threads. Close it to free what its codecs hold outside of the heap.
 */
public final class Decompressor implements AutoCloseable {

    /** Scratch memory beyond this is left to the garbage collector, so that one huge batch does not occupy the heap for ever. */
    private static final int KEPT_BYTES_MAX = 16 * 1024 * 1024;

    private final int maxBytes;
    private final CodecContexts codecs = new CodecContexts();
    private final ArrayDeque<Scratch> kept = new ArrayDeque<>();
    private int keptBytes;

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
            codecs.decompress(codec, magic, compressed, scratch);
            done = true;
            return scratch;
        } finally {
            if (!done) {
                scratch.giveBack();
            }
        }
    }

    private Scratch borrow() {
        Scratch scratch = kept.poll();
        if (scratch == null) {
            return new Scratch(maxBytes, this::keep);
        }
        keptBytes -= scratch.capacity();
        scratch.clear();
        return scratch;
    }

    private void keep(Scratch scratch) {
        if (keptBytes + scratch.capacity() <= KEPT_BYTES_MAX) {
            keptBytes += scratch.capacity();
            kept.push(scratch);
        }
    }

    @Override
    public void close() {
        codecs.close();
    }
}
