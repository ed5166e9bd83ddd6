package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;

/** The output of one decompression. It grows with what really arrives, up to a limit. */
final class Scratch {

    private static final int BYTES_MIN = 64 * 1024;

    private final int limit;
    private byte[] bytes;
    private int length;

    Scratch(int limit) {
        this.limit = limit;
        this.bytes = new byte[Math.min(BYTES_MIN, limit)];
    }

    void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int capacity() {
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
     * Makes the room larger, at least by one byte and otherwise at most to twice its size.
     *
     * @throws RecordBatchTooLargeException if it is at the limit
     */
    void grow() {
        if (bytes.length == limit) {
            throw tooLarge();
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(1, 2L * bytes.length)));
    }

    /**
     * Makes room for {@code wanted} more bytes, or for as many as the limit allows.
     *
     * @return whether there is room for all of them
     */
    boolean reserve(int wanted) {
        long needed = (long) length + wanted;
        if (needed > bytes.length) {
            long capacity = Math.max(needed, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, capacity));
        }
        return needed <= limit;
    }

    RecordBatchTooLargeException tooLarge() {
        return new RecordBatchTooLargeException("the batch decompresses to more than the " + limit
                + " bytes allowed by surefoot.decompressed.batch.max.bytes; raise it if the batch is to be trusted");
    }

    /** What has been written, at index 0 to the limit. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, length);
    }
}
