package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A read-only look at a stretch of a buffer: one object for all stretches of the same buffer,
 * moved from one to the next.
 */
final class ReadOnlyWindow {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer buffer = NOTHING;
    private ByteBuffer window = NOTHING;

    /** The stretch, from the window's position to its limit. Whatever was done to the window before is undone. */
    @SuppressWarnings("ReferenceEquality") // equal content elsewhere is another buffer
    ByteBuffer at(ByteBuffer of, int position, int size) {
        if (of != buffer) {
            buffer = of;
            window = of.asReadOnlyBuffer();
        }
        return window.order(ByteOrder.BIG_ENDIAN).clear().limit(position + size).position(position);
    }

    /** Lets go of the buffer. */
    void leave() {
        buffer = NOTHING;
        window = NOTHING;
    }
}
