package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Where the parts of one decoded record lie; reused from record to record. */
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
    /** Where the record's body begins, behind the length of one of format v2; a legacy message has its offset here. */
    int start;

    int end;

    /** Lets go of the memory that the record lies in. */
    void leave() {
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

    /** A copy. From an array it is one pass over memory; a new array to be filled from elsewhere is zeroed first. */
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
