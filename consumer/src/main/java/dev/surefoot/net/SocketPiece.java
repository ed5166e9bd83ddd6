package dev.surefoot.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A small direct buffer through which a transport copies data on the heap to and from its sockets. Without it the JDK
 * makes a direct buffer as large as the data and keeps it for the thread; where direct memory is short that fails with
 * an {@link OutOfMemoryError}. Owned by the loop's thread.
 */
final class SocketPiece {
    static final int BYTES = 64 << 10;

    /** The least size in bytes: input and output work with it, slowly. */
    static final int LEAST_BYTES = 4 << 10;

    private final MemoryShare share;
    private @Nullable ByteBuffer buffer;

    /** Allocates the buffer at once if there is memory for it, otherwise when it is needed. */
    SocketPiece(MemoryShare share) {
        this.share = share;
        this.buffer = share.allocateEssential(BYTES);
    }

    /**
     * Returns the buffer, cleared.
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
                    + " bytes; raise -XX:MaxDirectMemorySize or find what uses it");
        }
        buffer = piece;
        return piece.clear();
    }
}
