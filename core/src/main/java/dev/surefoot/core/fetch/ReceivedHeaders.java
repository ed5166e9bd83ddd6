package dev.surefoot.core.fetch;

import dev.surefoot.core.records.RawHeader;
import dev.surefoot.core.records.RawHeaders;
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
 * The headers of one record, decoded when somebody looks at them. Kafka's own implementation of {@link Headers} is not public;
 * like it, this one may be added to and removed from by whoever has the record. Threads that only read do not disturb each
 * other: at worst each of them decodes.
 */
final class ReceivedHeaders implements Headers {
    private static final Header[] NONE = {};

    /** {@link RawHeaders} until somebody looks, a {@code Header[]} from then on: one field, so that a race shows either. */
    private Object content;

    /** No headers yet. */
    ReceivedHeaders() {
        this.content = NONE;
    }

    ReceivedHeaders(RawHeaders raw) {
        this.content = raw;
    }

    private Header[] all() {
        Object now = content;
        if (now instanceof RawHeaders raw) {
            Header[] decoded = raw.decode();
            content = decoded;
            return decoded;
        }
        return (Header[]) now;
    }

    @Override
    public Headers add(Header header) {
        Objects.requireNonNull(header, "Header cannot be null.");
        Header[] before = all();
        Header[] more = Arrays.copyOf(before, before.length + 1);
        more[before.length] = header;
        content = more;
        return this;
    }

    @Override
    public Headers add(String key, byte @Nullable [] value) {
        return add(new RawHeader(Objects.requireNonNull(key, "Null header keys are not permitted"), value));
    }

    @Override
    public Headers remove(String key) {
        checkKey(key);
        content =
                Arrays.stream(all()).filter(header -> !header.key().equals(key)).toArray(Header[]::new);
        return this;
    }

    @Override
    public @Nullable Header lastHeader(String key) {
        checkKey(key);
        Header[] all = all();
        for (int i = all.length - 1; i >= 0; i--) {
            if (all[i].key().equals(key)) {
                return all[i];
            }
        }
        return null;
    }

    @Override
    public Iterable<Header> headers(String key) {
        checkKey(key);
        List<Header> found = new ArrayList<>();
        for (Header header : all()) {
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
        Header[] all = all();
        return all.length == 0 ? NONE : all.clone();
    }

    /** Walks over the headers that there are now; what is added meanwhile is not seen. */
    @Override
    public Iterator<Header> iterator() {
        return new Walk();
    }

    private final class Walk implements Iterator<Header> {
        private final Header[] walked = all();
        private int next;
        private @Nullable Header last;

        @Override
        public boolean hasNext() {
            return next < walked.length;
        }

        @Override
        public Header next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Header header = walked[next++];
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
                Header[] before = all();
                Header[] fewer = new Header[before.length - 1];
                System.arraycopy(before, 0, fewer, 0, at);
                System.arraycopy(before, at + 1, fewer, at, fewer.length - at);
                content = fewer;
            }
            last = null;
        }

        /** Equal headers elsewhere are others. */
        private int indexOfSame(Header header) {
            Header[] now = all();
            for (int i = 0; i < now.length; i++) {
                if (now[i] == header) {
                    return i;
                }
            }
            return -1;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && Arrays.equals(all(), that.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(all());
    }

    @Override
    public String toString() {
        return "Headers" + Arrays.toString(all());
    }
}
