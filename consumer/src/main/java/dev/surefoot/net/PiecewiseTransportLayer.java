package dev.surefoot.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.apache.kafka.common.network.PlaintextTransportLayer;

/**
 * A plain socket that is read in pieces. While a read copies, the system holds the socket and confirms nothing; a broker whose
 * send buffer is small ({@code socket.send.buffer.bytes}, 100 KiB by default) waits for that, and the two take turns. After each
 * piece it goes on, beside the copying of the next one ({@code surefoot bench throughput --clients wire,wire-pieces}).
 */
class PiecewiseTransportLayer extends PlaintextTransportLayer {
    /** Half of what such a broker has on the wire. Less has the two interrupt each other where they share a processor. */
    static final int PIECE_BYTES = 128 << 10;

    /** Where a broker keeps sending, other connections have their turn after so many pieces. */
    static final int PIECES_MAX = 8;

    PiecewiseTransportLayer(SelectionKey key) {
        super(key);
    }

    /** Reads until the buffer is full, nothing more has arrived, or it is for others to have their turn. */
    @Override
    public int read(ByteBuffer target) throws IOException {
        int limit = target.limit();
        int total = 0;
        try {
            for (int piece = 0; piece < PIECES_MAX && target.position() < limit; piece++) {
                int asked = Math.min(PIECE_BYTES, limit - target.position());
                target.limit(target.position() + asked);
                int read = super.read(target);
                if (read < 0) {
                    return total > 0 ? total : read;
                }
                total += read;
                if (read < asked) {
                    break;
                }
            }
            return total;
        } finally {
            target.limit(limit);
        }
    }
}
