package dev.surefoot.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.apache.kafka.common.network.PlaintextTransportLayer;

/**
 * A plain socket that is read in pieces. While a read copies, the system locks the socket and acknowledges nothing. A
 * broker with a small send buffer ({@code socket.send.buffer.bytes}, 100 KiB by default) waits for that, so sending and
 * copying alternate. After each piece the broker can send while the next piece is copied
 * ({@code surefoot bench throughput --clients wire,wire-pieces}).
 *
 * <p>Buffers on the heap are read and written through a {@link SocketPiece}. An {@link Error}, for example of the JDK
 * for lack of memory, ends this connection only. Owned by the loop's thread.
 */
class PiecewiseTransportLayer extends PlaintextTransportLayer {
    /**
     * Half of what such a broker has on the wire. Smaller pieces make the two interrupt each other if they share a
     * processor.
     */
    static final int PIECE_BYTES = 128 << 10;

    /** After so many pieces of one connection the others are served, even if the broker has sent more. */
    static final int PIECES_MAX = 8;

    private final SocketPiece heapPiece;

    PiecewiseTransportLayer(SelectionKey key, SocketPiece heapPiece) {
        super(key);
        this.heapPiece = heapPiece;
    }

    /** Reads until the buffer is full, nothing more has arrived, or other connections have to be served. */
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

    /** Writes until all is written or the socket accepts no more. */
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

    /**
     * Wraps an error in an exception: the selector closes the channel for an exception, but passes an error on to the
     * loop.
     */
    private static IOException failed(String what, Error error) {
        return new IOException("The socket could not be " + what + ": " + error, error);
    }
}
