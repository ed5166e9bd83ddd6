package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;

/**
 * Memory for the output of one decompression: an array that grows with the bytes that arrive, up to a limit. A value is
 * copied faster out of an array than out of a direct buffer. One thread owns it at a time, until it calls {@link
 * #release}.
 */
public final class Scratch {

    private static final int BYTES_MIN = 64 * 1024;

    /** The most bytes that are allocated because the data claims a size. More are allocated as the bytes arrive. */
    private static final int EXPECTED_MAX = 4 * 1024 * 1024;

    /** In bytes. */
    private final int limit;

    private final Consumer<Scratch> home;
    private byte[] bytes;
    private int length;

    /**
     * @param limit the most bytes that it may hold
     * @param home takes it when it is released
     */
    public Scratch(int limit, Consumer<Scratch> home) {
        this.limit = limit;
        this.home = home;
        this.bytes = new byte[Math.min(BYTES_MIN, limit)];
    }

    /** Hands it to {@code home}. The caller must not use it after that. */
    public void release() {
        home.accept(this);
    }

    /** Sets its length to 0; it keeps its memory. */
    public void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The bytes of memory that it occupies. */
    public int capacity() {
        return bytes.length;
    }

    /** The bytes written so far. */
    int length() {
        return length;
    }

    /** Sets the length, after bytes were written into {@link #bytes}. */
    void length(int length) {
        this.length = length;
    }

    /** The bytes that can be written before it has to grow. */
    int room() {
        return bytes.length - length;
    }

    /**
     * Doubles its memory, so that there is room for at least one more byte.
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
     * Makes room for the size that the data claims, up to {@link #EXPECTED_MAX}, which bounds the memory that a false
     * claim can cost.
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

    /** The bytes written so far, from index 0 to the limit. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, length);
    }
}
