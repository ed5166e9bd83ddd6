package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A read-only view of a stretch of a buffer. One view object serves all stretches of a buffer, so that no object is
 * allocated per record. Owned by one cursor.
 */
final class ReadOnlyWindow {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer buffer = NOTHING;
    private ByteBuffer window = NOTHING;

    /** Moves the view to the stretch, which then lies between its position and its limit, and resets its byte order. */
    @SuppressWarnings("ReferenceEquality") // equal content elsewhere is another buffer
    ByteBuffer at(ByteBuffer of, int position, int size) {
        if (of != buffer) {
            buffer = of;
            window = of.asReadOnlyBuffer();
        }
        return window.order(ByteOrder.BIG_ENDIAN).clear().limit(position + size).position(position);
    }

    /** Drops the reference to the buffer, so that its memory can be collected. */
    void clear() {
        buffer = NOTHING;
        window = NOTHING;
    }
}
