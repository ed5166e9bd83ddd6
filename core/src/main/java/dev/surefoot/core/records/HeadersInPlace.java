package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record in the buffer that the record lies in. Nothing is copied.
 *
 * <p>Each {@link RecordCursor} has one, which it moves from record to record. Owned by the cursor's thread. The buffers
 * that it gives are read-only windows, valid until the next header or the next call of a method here.
 */
public final class HeadersInPlace {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final VarintReader in = new VarintReader();
    private final ReadOnlyWindow key = new ReadOnlyWindow();
    private final ReadOnlyWindow value = new ReadOnlyWindow();

    private ByteBuffer buffer = NOTHING;
    private int position;
    private int count;

    /** Index and size in bytes of the parts of the header that was read last; a size is -1 for null. */
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

    /** Drops the reference to the memory that the headers lie in. A call of {@code each} that is under way ends. */
    void release() {
        buffer = NOTHING;
        count = 0;
        key.clear();
        value.clear();
    }

    /**
     * Passes each header to the action, in the order in which they were written. It ends early if the action closes the
     * cursor.
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
     * Passes the value of each header with this key to the action, in the order in which they were written. It ends
     * early if the action closes the cursor.
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

    /** The value of the last header with this key, or null if there is no such header, or its value is null. */
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

    /** Finds the parts of the header that starts at this index; returns the index at which the next one starts. */
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
