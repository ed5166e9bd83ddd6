package dev.surefoot.core.fetch;

import dev.surefoot.core.records.RawHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
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
        Objects.requireNonNull(header, "Header cannot be null.");
        Header[] more = Arrays.copyOf(headers, headers.length + 1);
        more[headers.length] = header;
        headers = more;
        return this;
    }

    @Override
    public Headers add(String key, byte @Nullable [] value) {
        return add(new RawHeader(Objects.requireNonNull(key, "Null header keys are not permitted"), value));
    }

    @Override
    public Headers remove(String key) {
        checkKey(key);
        headers = Arrays.stream(headers)
                .filter(header -> !header.key().equals(key))
                .toArray(Header[]::new);
        return this;
    }

    @Override
    public @Nullable Header lastHeader(String key) {
        checkKey(key);
        for (int i = headers.length - 1; i >= 0; i--) {
            if (headers[i].key().equals(key)) {
                return headers[i];
            }
        }
        return null;
    }

    @Override
    public Iterable<Header> headers(String key) {
        checkKey(key);
        List<Header> found = new ArrayList<>();
        for (Header header : headers) {
            if (header.key().equals(key)) {
                found.add(header);
            }
        }
        return found;
    }

    private static void checkKey(@Nullable String key) {
        if (key == null) {
            throw new IllegalArgumentException("key cannot be null.");
        }
    }

    @Override
    public Header[] toArray() {
        return headers.length == 0 ? NONE : headers.clone();
    }

    /** Walks over the headers that there are now; what is added meanwhile is not seen. */
    @Override
    public Iterator<Header> iterator() {
        return new Walk();
    }

    private final class Walk implements Iterator<Header> {
        private final Header[] all = headers;
        private int next;
        private @Nullable Header last;

        @Override
        public boolean hasNext() {
            return next < all.length;
        }

        @Override
        public Header next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Header header = all[next++];
            last = header;
            return header;
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("there is no header to remove: call next() first");
            }
            int at = indexOfSame(last);
            if (at >= 0) {
                Header[] fewer = new Header[headers.length - 1];
                System.arraycopy(headers, 0, fewer, 0, at);
                System.arraycopy(headers, at + 1, fewer, at, fewer.length - at);
                headers = fewer;
            }
            last = null;
        }

        /** Equal headers elsewhere are others. */
        private int indexOfSame(Header header) {
            for (int i = 0; i < headers.length; i++) {
                if (headers[i] == header) {
                    return i;
                }
            }
            return -1;
        }
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
