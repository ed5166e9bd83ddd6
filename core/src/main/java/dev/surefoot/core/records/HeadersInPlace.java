package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record in the buffer that the record lies in. Nothing is copied.
 *
 * <p>A {@link RecordCursor} has one, and moves it to the record that it is at. It belongs to the cursor's thread. The
 * buffers that it gives are read-only windows: each call of a method here moves them, and so does the next header.
 */
public final class HeadersInPlace {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final VarintReader in = new VarintReader();
    private final ReadOnlyWindow key = new ReadOnlyWindow();
    private final ReadOnlyWindow value = new ReadOnlyWindow();

    private ByteBuffer buffer = NOTHING;
    private int position;
    private int count;

    /** Where the parts of the header lie that was read last. */
    private int keyPosition;

    private int keySize;
    private int valuePosition;
    private int valueSize;

    HeadersInPlace() {}

    /** Moves to headers of format v2 that were found sound, and that start at this position. */
    HeadersInPlace at(ByteBuffer ofBuffer, int atPosition, int headerCount) {
        buffer = ofBuffer;
        position = atPosition;
        count = headerCount;
        return this;
    }

    /** Releases the memory that the headers lie in. A walk that is under way ends. */
    void release() {
        buffer = NOTHING;
        count = 0;
        key.clear();
        value.clear();
    }

    /**
     * Shows the headers in the order in which they were written. It ends early if the action has the cursor closed.
     *
     * @param action takes the key, in UTF-8, and the value, or null if the header has none
     */
    public void each(BiConsumer<ByteBuffer, @Nullable ByteBuffer> action) {
        int at = position;
        for (int i = 0; i < count; i++) {
            at = read(at);
            action.accept(key.at(buffer, keyPosition, keySize), valueWindow());
        }
    }

    /**
     * Shows the value of each header with this key, in the order in which they were written. It ends early if the
     * action has the cursor closed.
     *
     * @param action takes the value, or null if the header has none
     */
    public void each(String wantedKey, Consumer<@Nullable ByteBuffer> action) {
        int at = position;
        for (int i = 0; i < count; i++) {
            at = read(at);
            if (hasKey(wantedKey)) {
                action.accept(valueWindow());
            }
        }
    }

    /** Whether there is a header with this key. */
    public boolean contains(String wantedKey) {
        int at = position;
        for (int i = 0; i < count; i++) {
            at = read(at);
            if (hasKey(wantedKey)) {
                return true;
            }
        }
        return false;
    }

    /** The value of the last header with this key, or null if that has none, or if there is no such header. */
    public @Nullable ByteBuffer lastValue(String wantedKey) {
        int at = position;
        int lastPosition = 0;
        int lastSize = -1;
        for (int i = 0; i < count; i++) {
            at = read(at);
            if (hasKey(wantedKey)) {
                lastPosition = valuePosition;
                lastSize = valueSize;
            }
        }
        return lastSize < 0 ? null : value.at(buffer, lastPosition, lastSize);
    }

    /** Reads where the header that starts here has its parts; returns where the next one starts. */
    private int read(int at) {
        in.open(buffer, at, buffer.limit());
        keySize = in.varint();
        keyPosition = in.position();
        in.skip(keySize);
        valueSize = in.varint();
        valuePosition = in.position();
        in.skip(Math.max(0, valueSize));
        return in.position();
    }

    private boolean hasKey(String wanted) {
        return Utf8.isEqual(wanted, buffer, keyPosition, keySize);
    }

    private @Nullable ByteBuffer valueWindow() {
        return valueSize < 0 ? null : value.at(buffer, valuePosition, valueSize);
    }
}
