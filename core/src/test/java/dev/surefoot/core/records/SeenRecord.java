package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** A record as an application sees it, in a form that compares and prints. */
record SeenRecord(
        long offset,
        long timestamp,
        TimestampType timestampType,
        int leaderEpoch,
        String key,
        String value,
        List<String> headers) {

    static SeenRecord of(RecordCursor cursor) {
        ByteBuffer key = cursor.key();
        ByteBuffer value = cursor.value();
        if (cursor.keySize() != (key == null ? -1 : key.remaining())
                || cursor.valueSize() != (value == null ? -1 : value.remaining())
                || cursor.headerCount() != cursor.headers().decode().toArray().length) {
            throw new AssertionError("sizes contradict content at offset " + cursor.offset());
        }
        return new SeenRecord(
                cursor.offset(),
                cursor.timestamp(),
                cursor.timestampType(),
                cursor.leaderEpoch(),
                text(key),
                text(value),
                headers(cursor.headers().decode().toArray()));
    }

    static List<String> headers(Header[] headers) {
        List<String> texts = new ArrayList<>();
        for (Header header : headers) {
            byte[] value = header.value();
            texts.add(header.key() + "=" + text(value == null ? null : ByteBuffer.wrap(value)));
        }
        return texts;
    }

    static String text(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return "null";
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy.length > 64
                ? copy.length + " bytes, hash " + Arrays.hashCode(copy)
                : HexFormat.of().formatHex(copy);
    }
}
