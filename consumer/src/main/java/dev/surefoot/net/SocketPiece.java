package dev.surefoot.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A small direct buffer through which a transport moves what lies on the heap to and from its sockets. The JDK would
 * make a direct buffer of its own for each, as large as what is to be moved, and keep it for the thread; where direct
 * memory is short that fails with an {@link OutOfMemoryError}. Belongs to the loop's thread.
 */
final class SocketPiece {
    static final int BYTES = 64 << 10;

    /** Enough to go on, slowly. */
    static final int LEAST_BYTES = 4 << 10;

    private final MemoryShare share;
    private @Nullable ByteBuffer buffer;

    /** Has the buffer made at once if there is memory for it, or else when it is needed. */
    SocketPiece(MemoryShare share) {
        this.share = share;
        this.buffer = share.allocateEssential(BYTES);
    }

    /**
     * The buffer, empty.
     *
     * @throws IOException if there is no direct memory for it
     */
    ByteBuffer cleared() throws IOException {
        ByteBuffer piece = buffer;
        if (piece == null) {
            piece = share.allocateEssential(BYTES);
        }
        if (piece == null) {
            piece = share.allocateEssential(LEAST_BYTES);
        }
        if (piece == null) {
            throw new IOException("No direct memory for input and output, not even " + LEAST_BYTES
                    + " bytes; raise -XX:MaxDirectMemorySize or see what takes it");
        }
        buffer = piece;
        return piece.clear();
    }
}
