package dev.surefoot.net;

import java.nio.channels.SelectionKey;
import org.apache.kafka.common.network.PlaintextTransportLayer;

/**
 * Makes the layer below Kafka's channels for the sockets of one transport that have no TLS. Owned by the loop's thread.
 */
final class PlainSockets {
    private final int maxFrameBytes;
    private final SocketPiece piece;

    /**
     * @param maxFrameBytes the largest size in bytes of a response; a connection with a larger one is closed
     * @param memory from which the shared piece is taken
     */
    PlainSockets(int maxFrameBytes, MemoryShare memory) {
        this.maxFrameBytes = maxFrameBytes;
        this.piece = new SocketPiece(memory);
    }

    PlaintextTransportLayer of(SelectionKey key) {
        return new FramedTransportLayer(key, piece, maxFrameBytes);
    }
}
