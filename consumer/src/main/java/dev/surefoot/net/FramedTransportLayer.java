package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * A plain socket that ends when what arrives cannot be a Kafka response. Kafka's classes take the first bytes of a TLS
 * record or an HTTP header for the size of an answer. Their selector logs a stack trace for each attempt, and their
 * SASL authenticator allocates as many bytes as the number says.
 */
final class FramedTransportLayer extends PiecewiseTransportLayer {
    private final SelectionKey key;
    private final IncomingFrames frames;

    FramedTransportLayer(SelectionKey key, SocketPiece heapPiece, int maxFrameBytes) {
        super(key, heapPiece);
        this.key = key;
        this.frames = new IncomingFrames(maxFrameBytes);
    }

    @Override
    public boolean finishConnect() throws IOException {
        try {
            return super.finishConnect();
        } catch (IOException e) {
            ChannelFault.leave(key, Reason.CONNECT_REFUSED, String.valueOf(e.getMessage()), 0);
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int from = target.position();
        int read = super.read(target);
        String problem = frames.problem(target, from, Math.max(0, read));
        if (problem != null) {
            long bytes = frames.tooLargeBytes();
            ChannelFault.leave(key, bytes > 0 ? Reason.RESPONSE_TOO_LARGE : Reason.NO_BROKER, problem, bytes);
            throw new IOException(problem);
        }
        return read;
    }
}
