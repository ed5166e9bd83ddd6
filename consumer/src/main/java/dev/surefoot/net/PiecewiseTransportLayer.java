package dev.surefoot.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.apache.kafka.common.network.PlaintextTransportLayer;

/**
 * A plain socket that is read in pieces. While a read copies, the system holds the socket and confirms nothing; a
 * broker whose send buffer is small ({@code socket.send.buffer.bytes}, 100 KiB by default) waits for that, and the two
 * take turns. After each piece it goes on, beside the copying of the next one
 * ({@code surefoot bench throughput --clients wire,wire-pieces}).
 *
 * <p>What is read to or written from the heap goes through a {@link SocketPiece}. An error, of the JDK for want of
 * memory say, ends this connection and no other.
 */
class PiecewiseTransportLayer extends PlaintextTransportLayer {
    /**
     * Half of what such a broker has on the wire. Less has the two interrupt each other where they share a processor.
     */
    static final int PIECE_BYTES = 128 << 10;

    /** Where a broker keeps sending, other connections have their turn after so many pieces. */
    static final int PIECES_MAX = 8;

    private final SocketPiece heapPiece;

    PiecewiseTransportLayer(SelectionKey key, SocketPiece heapPiece) {
        super(key);
        this.heapPiece = heapPiece;
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
                int read = target.isDirect() ? super.read(target) : readThroughPiece(target);
                if (read < 0) {
                    return total > 0 ? total : read;
                }
                total += read;
                if (read < asked) {
                    break;
                }
            }
            return total;
        } catch (Error e) {
            throw failed("read", e);
        } finally {
            target.limit(limit);
        }
    }

    private int readThroughPiece(ByteBuffer target) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            ByteBuffer through = heapPiece.cleared();
            int asked = Math.min(through.capacity(), target.remaining());
            int read = super.read(through.limit(asked));
            if (read < 0) {
                return total > 0 ? total : read;
            }
            target.put(through.flip());
            total += read;
            if (read < asked) {
                break;
            }
        }
        return total;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        try {
            return source.isDirect() ? super.write(source) : writeThroughPiece(source);
        } catch (Error e) {
            throw failed("written", e);
        }
    }

    /** Writes until all is written or the socket takes no more. */
    private int writeThroughPiece(ByteBuffer source) throws IOException {
        int total = 0;
        while (source.hasRemaining()) {
            ByteBuffer through = heapPiece.cleared();
            int asked = Math.min(through.capacity(), source.remaining());
            through.put(source.duplicate().limit(source.position() + asked)).flip();
            int written = super.write(through);
            source.position(source.position() + written);
            total += written;
            if (written < asked) {
                break;
            }
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(sources[i]);
            if (sources[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    /** The selector closes a channel for an exception, and ends for an error. */
    private static IOException failed(String what, Error error) {
        return new IOException("The socket could not be " + what + ": " + error, error);
    }
}
