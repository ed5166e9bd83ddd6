package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the encoded headers of one record. They are decoded only when an application asks for them, which few do.
 * Immutable.
 */
public final class RawHeaders {
    static final RawHeaders NONE = new RawHeaders(0, new byte[0]);

    private final int count;
    private final byte[] bytes;

    /**
     * @param count the number of headers
     * @param bytes the headers in format v2, already validated
     */
    RawHeaders(int count, byte[] bytes) {
        this.count = count;
        this.bytes = bytes;
    }

    /** Returns new headers of Kafka's own class with each call. */
    public Headers decode() {
        Headers headers = KafkaHeaders.none();
        if (count == 0) {
            return headers;
        }
        new HeadersInPlace()
                .at(ByteBuffer.wrap(bytes), 0, count)
                .each((key, value) ->
                        headers.add(StandardCharsets.UTF_8.decode(key).toString(), copyOrNull(value)));
        return headers;
    }

    @SuppressWarnings("NullAway") // a header may have a null value, which Kafka's interface does not declare
    private static byte[] copyOrNull(@Nullable ByteBuffer value) {
        return value == null ? null : copy(value);
    }

    private static byte[] copy(ByteBuffer value) {
        byte[] copy = new byte[value.remaining()];
        value.get(copy);
        return copy;
    }
}
