package dev.surefoot.core.records;

import java.nio.ByteBuffer;

/**
 * Gives a key or value as an array: the array that it lies in, or a copy in the window's own array, which is used
 * again. Code that reads arrays is faster than code that reads direct memory, and Kafka's deserializers would copy a
 * direct buffer into a new array each time (RecordDecodeBenchmark). Each call of {@link #at} invalidates the result of
 * the call before. Not safe for use by several threads.
 */
public final class ArrayWindow {
    /** A value above this many bytes is copied into an array of its own, which is not kept. */
    private static final int KEPT_BYTES_MAX = 64 * 1024;

    /**
     * The window keeps no reference to an array above this many bytes. Such an array may take most of the heap, and
     * must be collected before the next one is allocated.
     */
    private static final int KEPT_ARRAY_BYTES_MAX = 4 * 1024 * 1024;

    private ByteBuffer kept = ByteBuffer.allocate(256);
    private ByteBuffer buffer = kept;
    private ByteBuffer window = kept;

    /**
     * Returns {@code size} bytes from index {@code position} on. They lie between the position and the limit of the
     * result, which is backed by an array.
     */
    @SuppressWarnings("ReferenceEquality") // equal content elsewhere is another buffer
    ByteBuffer at(ByteBuffer of, int position, int size) {
        if (!of.hasArray()) {
            return copied(of, position, size);
        }
        if (of != buffer) {
            if (of.capacity() > KEPT_ARRAY_BYTES_MAX) {
                return of.duplicate().limit(position + size).position(position);
            }
            buffer = of;
            window = of.duplicate();
        }
        return window.clear().limit(position + size).position(position);
    }

    private ByteBuffer copied(ByteBuffer of, int position, int size) {
        if (size > KEPT_BYTES_MAX) {
            byte[] copy = new byte[size];
            of.get(position, copy);
            return ByteBuffer.wrap(copy);
        }
        if (kept.capacity() < size) {
            kept = ByteBuffer.allocate(Math.min(KEPT_BYTES_MAX, Math.max(size, 2 * kept.capacity())));
        }
        of.get(position, kept.array(), 0, size);
        return kept.clear().limit(size);
    }
}
