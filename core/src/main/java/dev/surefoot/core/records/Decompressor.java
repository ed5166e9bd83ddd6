package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses batches: small ones whole, into scratch memory that is used again from batch to batch. Larger ones are
 * decompressed as a stream, a piece at a time, so that a batch may be larger than the heap.
 *
 * <p>Several cursors of one thread may share a decompressor, also with batches open at the same time: each open batch
 * has its own memory. Not safe for use by several threads. Close it to free the memory that its codecs hold outside of
 * the heap.
 */
public final class Decompressor implements AutoCloseable {

    /**
     * The most bytes of a batch that is decompressed whole; a larger one is read as a stream. Whole batches are read
     * faster as long as they fit the processor's cache.
     */
    private static final int WHOLE_BYTES_MAX = 4 * 1024 * 1024;

    /** Bytes of a stream that are decompressed at a time: a few blocks of each codec. */
    private static final int PIECE_BYTES = 128 * 1024;

    /** Scratch memory above this many bytes is left to the garbage collector instead of being used again. */
    private static final int KEPT_BYTES_MAX = 16 * 1024 * 1024;

    /**
     * After a batch that was too large, this many batches of its compressed size or more are streamed at once. To
     * decompress each of them up to the bound first would be wasted.
     */
    private static final int STREAMED_AFTER_TOO_LARGE = 64;

    /** The most bytes that are read around a record: its length before it and one byte after it. */
    private static final int AROUND_RECORD_BYTES = 64;

    private static final int ARRAY_BYTES_MAX = Integer.MAX_VALUE - 8;

    private final RecordBound recordBound;
    private final int wholeBytesMax;
    private final int pieceBytes;
    private final CodecContexts codecs = new CodecContexts();
    private final ArrayDeque<Scratch> kept = new ArrayDeque<>();
    private int keptBytes;
    private int tooLargeBytes;
    private int toStream;
    private int begunStreams;
    private int endedStreams;

    /**
     * @param recordBytesMax the largest record to read from a batch that is not decompressed whole, in bytes
     * @throws IllegalArgumentException if it is not positive
     */
    public Decompressor(int recordBytesMax) {
        this(recordBytesMax, WHOLE_BYTES_MAX, PIECE_BYTES);
    }

    /** @param wholeBytesMax a batch that decompresses to more, or to more than a record may have, is streamed */
    Decompressor(int recordBytesMax, int wholeBytesMax, int pieceBytes) {
        if (recordBytesMax <= 0) {
            throw new IllegalArgumentException(
                    "The size of the largest record must be positive, not " + recordBytesMax);
        }
        this.recordBound = new RecordBound(Math.min(recordBytesMax, ARRAY_BYTES_MAX - AROUND_RECORD_BYTES));
        this.wholeBytesMax = Math.min(recordBytesMax, wholeBytesMax);
        this.pieceBytes = pieceBytes;
    }

    RecordBound recordBound() {
        return recordBound;
    }

    /**
     * Decompresses a batch whole, unless it is too large. The caller owns the result until {@link Scratch#release}.
     *
     * @return null if the batch is to be streamed
     */
    @Nullable Scratch decompressIfSmall(Codec codec, byte magic, ByteBuffer compressed) {
        int size = compressed.remaining();
        if (size > wholeBytesMax) {
            return null;
        }
        if (toStream > 0 && size >= tooLargeBytes) {
            toStream--;
            return null;
        }
        try {
            return decompress(codec, magic, compressed);
        } catch (RecordBatchTooLargeException e) {
            tooLargeBytes = size;
            toStream = STREAMED_AFTER_TOO_LARGE;
            return null;
        }
    }

    /**
     * Decompresses a batch whole. The caller owns the result until {@link Scratch#release}.
     *
     * @param magic the batch's format; v0 writers checksum LZ4 frame headers wrongly (KAFKA-3160)
     * @param compressed the compressed bytes, from position to limit; neither is changed
     * @throws InvalidRecordException if the bytes are not what the codec produces
     * @throws RecordBatchTooLargeException if they decompress to more bytes than are decompressed whole
     * @throws UnsupportedCompressionTypeException if the codec's library cannot be loaded
     */
    Scratch decompress(Codec codec, byte magic, ByteBuffer compressed) {
        Scratch scratch = borrow();
        boolean done = false;
        try {
            codecs.decompress(codec, magic, compressed, scratch);
            done = true;
            return scratch;
        } catch (InvalidRecordException e) {
            throw new UndecompressableException(e);
        } finally {
            if (!done) {
                scratch.release();
            }
        }
    }

    /**
     * Returns a window at the start of a batch. The caller must close it; the compressed bytes must not change until
     * then.
     */
    SlidingWindow window(Codec codec, byte magic, ByteBuffer compressed) {
        return new SlidingWindow(stream(codec, magic, compressed), pieceBytes);
    }

    /** Begins to decompress a batch as a stream; the caller has to close it. */
    DecompressedStream stream(Codec codec, byte magic, ByteBuffer compressed) {
        try {
            DecompressedStream stream = CodecContexts.stream(codec, magic, compressed);
            begunStreams++;
            return new CountedStream(codec, stream);
        } catch (InvalidRecordException e) {
            throw new UndecompressableException(e);
        }
    }

    /** How many streams have been begun so far. */
    int begunStreams() {
        return begunStreams;
    }

    /** How many streams have not been closed. */
    int openStreams() {
        return begunStreams - endedStreams;
    }

    private final class CountedStream implements DecompressedStream {
        private final Codec codec;
        private final DecompressedStream stream;
        private boolean isClosed;

        CountedStream(Codec codec, DecompressedStream stream) {
            this.codec = codec;
            this.stream = stream;
        }

        @Override
        public int read(byte[] to, int start, int size) {
            try {
                return stream.read(to, start, size);
            } catch (LinkageError e) {
                throw codec.unavailable(e);
            } catch (InvalidRecordException e) {
                throw new UndecompressableException(e);
            }
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                endedStreams++;
                stream.close();
            }
        }
    }

    private Scratch borrow() {
        Scratch scratch = kept.poll();
        if (scratch == null) {
            return new Scratch(wholeBytesMax, this::keep);
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
