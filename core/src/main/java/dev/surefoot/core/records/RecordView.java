package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of one decoded record lie in a buffer: indexes, and sizes in bytes, -1 for null. The reader writes it
 * and the cursor reads it; one object is used again from record to record. Owned by the cursor's thread.
 */
final class RecordView {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    ByteBuffer buffer = NOTHING;
    long offset;
    long timestamp;
    TimestampType timestampType = TimestampType.NO_TIMESTAMP_TYPE;
    int keyPosition;
    int keySize = -1;
    int valuePosition;
    int valueSize = -1;
    int headersPosition;
    int headerCount;
    /**
     * Index of the record's first byte after its length field (format v2), or of a message's offset field (v0 and v1).
     */
    int start;

    int end;

    /** Drops the reference to the memory that the record lies in, so that it can be collected. */
    void clear() {
        buffer = NOTHING;
    }

    @Nullable ByteBuffer value() {
        return valueSize < 0 ? null : buffer.slice(valuePosition, valueSize);
    }

    byte @Nullable [] keyBytes() {
        return keySize < 0 ? null : bytes(keyPosition, keySize);
    }

    byte @Nullable [] valueBytes() {
        return valueSize < 0 ? null : bytes(valuePosition, valueSize);
    }

    RawHeaders headers() {
        return headerCount == 0
                ? RawHeaders.NONE
                : new RawHeaders(headerCount, bytes(headersPosition, end - headersPosition));
    }

    /**
     * Returns a copy. Copying a range of an array takes one pass over memory; a new array filled from a buffer is
     * zeroed first.
     */
    private byte[] bytes(int position, int size) {
        if (buffer.hasArray()) {
            int start = buffer.arrayOffset() + position;
            return Arrays.copyOfRange(buffer.array(), start, start + size);
        }
        byte[] copy = new byte[size];
        buffer.get(position, copy);
        return copy;
    }
}
