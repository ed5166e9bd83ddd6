package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;

/**
 * The output of one decompression: an array that grows with the bytes that arrive, up to a limit. A value is copied out
 * of an array faster than out of a direct buffer. One thread owns it at a time, until it calls {@link #release}.
 */
public final class Scratch {

    private static final int BYTES_MIN = 64 * 1024;

    /**
     * The most bytes that a size claimed by the data makes room for at once. More room is made as the bytes arrive.
     */
    private static final int EXPECTED_MAX = 4 * 1024 * 1024;

    /** In bytes. */
    private final int limit;

    private final Consumer<Scratch> home;
    private byte[] bytes;
    private int length;

    /**
     * @param limit the most bytes it may hold
     * @param home gets it back with {@link #release}
     */
    public Scratch(int limit, Consumer<Scratch> home) {
        this.limit = limit;
        this.home = home;
        this.bytes = new byte[Math.min(BYTES_MIN, limit)];
    }

    /** Returns it to the pool that it came from; the caller must not touch it after that. */
    public void release() {
        home.accept(this);
    }

    /** Empties it; it keeps its memory. */
    public void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Bytes of memory that it occupies. */
    public int capacity() {
        return bytes.length;
    }

    int length() {
        return length;
    }

    void length(int length) {
        this.length = length;
    }

    int room() {
        return bytes.length - length;
    }

    /**
     * Doubles its memory, and makes room for at least one byte.
     *
     * @throws RecordBatchTooLargeException if it is at the limit
     */
    void grow() {
        if (bytes.length == limit) {
            throw tooLarge();
        }
        resize(Math.max(1, 2L * bytes.length));
    }

    /**
     * Makes room for a size that the data claims, up to a bound: a claim that is not true costs
     * no more memory than that.
     */
    void expect(long wanted) {
        long needed = length + Math.min(wanted, EXPECTED_MAX);
        if (needed > bytes.length) {
            resize(needed);
        }
    }

    /**
     * Makes room for {@code wanted} more bytes, or for as many as the limit allows.
     *
     * @return whether there is room for all of them
     */
    boolean reserve(int wanted) {
        long needed = (long) length + wanted;
        if (needed > bytes.length) {
            resize(Math.max(needed, 2L * bytes.length));
        }
        return needed <= limit;
    }

    private void resize(long wanted) {
        int capacity = (int) Math.min(limit, wanted);
        bytes = length == 0 ? new byte[capacity] : Arrays.copyOf(bytes, capacity);
    }

    RecordBatchTooLargeException tooLarge() {
        return new RecordBatchTooLargeException("the batch decompresses to more than " + limit + " bytes");
    }

    /** What has been written, at index 0 to the limit. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, length);
    }
}
