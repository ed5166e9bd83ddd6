package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The headers of one record as they were written, a copy that is valid for ever. Few applications look at them, so they wait to be decoded. */
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

    /** Decodes them, anew with each call. */
    public Header[] decode() {
        VarintReader in = new VarintReader();
        in.open(ByteBuffer.wrap(bytes), 0, bytes.length);
        Header[] headers = new Header[count];
        for (int i = 0; i < count; i++) {
            int keySize = in.varint();
            String key = new String(bytes, in.position(), keySize, StandardCharsets.UTF_8);
            in.skip(keySize);
            headers[i] = new RawHeader(key, value(in));
        }
        return headers;
    }

    private static byte @Nullable [] value(VarintReader in) {
        int size = in.varint();
        if (size < 0) {
            return null;
        }
        byte[] value = new byte[size];
        in.buffer().get(in.position(), value);
        in.skip(size);
        return value;
    }
}
