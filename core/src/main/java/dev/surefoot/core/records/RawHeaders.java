package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record in the bytes in which they were written: a copy that stays valid. They are decoded when an
 * application asks for them, which few do. Immutable.
 */
public final class RawHeaders {
    static final RawHeaders NONE = new RawHeaders(0, new byte[0]);

    private final int count;
    private final byte[] bytes;

    /**
     * @param count how many there are
     * @param bytes headers of format v2 that were found sound
     */
    RawHeaders(int count, byte[] bytes) {
        this.count = count;
        this.bytes = bytes;
    }

    /** Returns headers of Kafka's own class, new ones with each call. */
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

    @SuppressWarnings("NullAway") // a header without a value has null there, which Kafka's interface does not say
    private static byte[] copyOrNull(@Nullable ByteBuffer value) {
        return value == null ? null : copy(value);
    }

    private static byte[] copy(ByteBuffer value) {
        byte[] copy = new byte[value.remaining()];
        value.get(copy);
        return copy;
    }
}
