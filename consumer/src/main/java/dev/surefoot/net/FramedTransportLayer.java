package dev.surefoot.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * A plain socket that ends when what arrives cannot be a Kafka response. Left to Kafka's classes, a TLS record or an
 * HTTP header is the size of an answer: its selector logs a warning with a stack trace for each attempt, and its SASL
 * authenticator sets aside as much memory as the bytes happen to say.
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
            ChannelFault.leave(key, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int from = target.position();
        int read = super.read(target);
        String problem = frames.problem(target, from, Math.max(0, read));
        if (problem != null) {
            ChannelFault.leave(key, problem);
            throw new IOException(problem);
        }
        return read;
    }
}
