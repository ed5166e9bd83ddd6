package dev.surefoot.core.fetch;

import dev.surefoot.core.records.RawHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record. Kafka's own implementation of {@link Headers} is not public; like it, this one may be added to and
 * removed from by whoever has the record, and is not safe for several threads at once.
 */
final class DecodedHeaders implements Headers {
    private static final Header[] NONE = {};

    private Header[] headers;

    DecodedHeaders(Header[] headers) {
        this.headers = headers;
    }

    @Override
    public Headers add(Header header) {
        Header[] more = Arrays.copyOf(headers, headers.length + 1);
        more[headers.length] = header;
        headers = more;
        return this;
    }

    @Override
    public Headers add(String key, byte @Nullable [] value) {
        return add(new RawHeader(key, value));
    }

    @Override
    public Headers remove(String key) {
        headers = Arrays.stream(headers)
                .filter(header -> !header.key().equals(key))
                .toArray(Header[]::new);
        return this;
    }

    @Override
    public @Nullable Header lastHeader(String key) {
        for (int i = headers.length - 1; i >= 0; i--) {
            if (headers[i].key().equals(key)) {
                return headers[i];
            }
        }
        return null;
    }

    @Override
    public Iterable<Header> headers(String key) {
        List<Header> found = new ArrayList<>();
        for (Header header : headers) {
            if (header.key().equals(key)) {
                found.add(header);
            }
        }
        return found;
    }

    @Override
    public Header[] toArray() {
        return headers.length == 0 ? NONE : headers.clone();
    }

    @Override
    public Iterator<Header> iterator() {
        return List.of(headers).iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && Arrays.equals(headers, that.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(headers);
    }

    @Override
    public String toString() {
        return "Headers" + Arrays.toString(headers);
    }
}
