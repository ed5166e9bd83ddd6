package dev.surefoot.core.records;

import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record header as it was written: a key and bytes, or null for no value. The bytes are the header's own copy. */
public final class RawHeader implements Header {

    private final String key;
    private final byte @Nullable [] value;

    public RawHeader(String key, byte @Nullable [] value) {
        this.key = key;
        this.value = value;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public byte @Nullable [] value() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawHeader that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "RawHeader[key=" + key + ", value=" + Arrays.toString(value) + "]";
    }
}
