package dev.surefoot.core.records;

import java.nio.ByteBuffer;

/**
 * A look at a key or value for code that reads arrays faster than other memory: where it lies if that is an array,
 * otherwise through a copy in an array that is used again. Kafka's deserializers would copy it into a new array
 * (RecordDecodeBenchmark). Each look ends the one before.
 */
public final class ArrayWindow {
    /** More is not kept: a copy of a large value costs more than the array it goes to. */
    private static final int KEPT_BYTES_MAX = 64 * 1024;

    /**
     * A larger array is not kept hold of: it may be as large as the heap allows, and the next
     * one has to fit in beside it.
     */
    private static final int KEPT_ARRAY_BYTES_MAX = 4 * 1024 * 1024;

    private ByteBuffer kept = ByteBuffer.allocate(256);
    private ByteBuffer buffer = kept;
    private ByteBuffer window = kept;

    /** The stretch, from the result's position to its limit; the result has an array. */
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
