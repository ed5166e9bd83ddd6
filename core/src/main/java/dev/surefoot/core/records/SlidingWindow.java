package dev.surefoot.core.records;

import java.nio.ByteBuffer;

/**
 * The stretch of a decompressed stream that is being read. It slides over the stream and grows if a record does not
 * fit. Whatever size the record claims, the window grows to at most {@value #GROWTH} times the bytes that have arrived.
 * Closing it closes the stream. Owned by one reader.
 */
final class SlidingWindow implements AutoCloseable {

    /**
     * The factor by which it grows. While it grows, both arrays are in memory. With a factor of 8 the old array takes
     * little of the heap that the new one needs.
     */
    private static final int GROWTH = 8;

    private final int pieceBytes;
    private DecompressedStream stream;
    private ByteBuffer buffer;
    private int position;
    private int end;
    private long passedBytes;
    private boolean hasEnded;

    /** @param pieceBytes bytes to decompress at a time, and the size to begin with; at least 1 */
    SlidingWindow(DecompressedStream stream, int pieceBytes) {
        this.stream = stream;
        this.pieceBytes = pieceBytes;
        this.buffer = ByteBuffer.allocate(pieceBytes);
    }

    /**
     * Decompresses until the wanted bytes are in the window or the stream has ended. It may remove bytes before the
     * position and replace the {@link #buffer}.
     *
     * @param wanted bytes from the position on, at most the largest size of an array
     * @return the bytes from the position to the end of the window
     */
    int fill(long wanted) {
        while (end - position < wanted && !hasEnded) {
            if (end == buffer.capacity()) {
                makeRoom(wanted);
            }
            long missing = wanted - (end - position);
            int size = (int) Math.min(buffer.capacity() - end, Math.max(missing, pieceBytes));
            int read = stream.read(buffer.array(), end, size);
            if (read < 0) {
                hasEnded = true;
            } else {
                end += read;
            }
        }
        return end - position;
    }

    private void makeRoom(long wanted) {
        int available = end - position;
        byte[] from = buffer.array();
        if (wanted > buffer.capacity()) {
            buffer = ByteBuffer.allocate(nextCapacity(wanted));
        }
        System.arraycopy(from, position, buffer.array(), 0, available);
        position = 0;
        end = available;
    }

    /**
     * Returns the next capacity on the way to the wanted one: the wanted bytes, divided by {@value #GROWTH} until they
     * are at most {@value #GROWTH} times the present capacity.
     */
    private int nextCapacity(long wanted) {
        long capacity = wanted;
        while (capacity / GROWTH > buffer.capacity()) {
            capacity /= GROWTH;
        }
        return (int) capacity;
    }

    /** The window's memory. Valid until the next call of {@link #fill} or {@link #skip}. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Index of the next byte in the buffer. */
    int position() {
        return position;
    }

    /** Index after the last byte in the buffer. */
    int end() {
        return end;
    }

    /** Bytes that have been passed so far, in all streams. */
    long passedBytes() {
        return passedBytes;
    }

    /** Whether the stream has ended, so that the window holds all bytes that are left. */
    boolean hasEnded() {
        return hasEnded;
    }

    /** Moves the position over bytes that are in the window. */
    void pass(int bytes) {
        position += bytes;
        passedBytes += bytes;
    }

    /**
     * Moves the position over bytes, which need not fit into the window.
     *
     * @return the bytes passed; less than wanted if the stream has ended
     */
    long skip(long wanted) {
        long left = wanted;
        while (left > 0 && fill(1) > 0) {
            int passed = (int) Math.min(left, end - position);
            pass(passed);
            left -= passed;
        }
        return wanted - left;
    }

    /** Closes the stream and moves to the start of another one. */
    void restart(DecompressedStream other) {
        stream.close();
        stream = other;
        position = 0;
        end = 0;
        hasEnded = false;
    }

    @Override
    public void close() {
        stream.close();
    }
}
