package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Where the parts of one decoded record lie; reused from record to record. */
final class RecordView {

    ByteBuffer buffer = ByteBuffer.allocate(0);
    long offset;
    long timestamp;
    TimestampType timestampType = TimestampType.NO_TIMESTAMP_TYPE;
    int keyPosition;
    int keySize = -1;
    int valuePosition;
    int valueSize = -1;
    int headersPosition;
    int headerCount;
    int end;

    @Nullable ByteBuffer key() {
        return keySize < 0 ? null : buffer.slice(keyPosition, keySize);
    }

    @Nullable ByteBuffer value() {
        return valueSize < 0 ? null : buffer.slice(valuePosition, valueSize);
    }
}
