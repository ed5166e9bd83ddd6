package dev.surefoot.testkit.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The bytes of one connection in one direction. One thread reads and another writes, so that a delay holds up delivery
 * but not reading. The queue between them is bounded, so that a throttled stream pushes back on its sender.
 */
final class Flow {

    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int CHUNKS_QUEUED = 64;

    private final GatedConnection connection;
    private final Socket source;
    private final Socket sink;
    private final Direction direction;
    private final BlockingQueue<Chunk> queue = new LinkedBlockingQueue<>(CHUNKS_QUEUED);

    /** Whether the gate itself has ended this flow and closed its source. */
    private volatile boolean severed;

    /** Whether the other flow was severed, so that this flow discards the bytes that it reads. */
    private volatile boolean discarding;

    /** Whether the sender's stream has ended. */
    private volatile boolean readToTheEnd;

    /** The bytes of one read; an empty chunk stands for the end of the stream. */
    private static final class Chunk {
        final byte[] bytes;
        final long arrivedNanos;

        Chunk(byte[] buffer, int count, long arrivedNanos) {
            this.bytes = Arrays.copyOf(buffer, count);
            this.arrivedNanos = arrivedNanos;
        }

        boolean isEnd() {
            return bytes.length == 0;
        }
    }

    Flow(GatedConnection connection, Socket source, Socket sink, Direction direction) {
        this.connection = connection;
        this.source = source;
        this.sink = sink;
        this.direction = direction;
    }

    void start(Flow other) {
        connection.thread("read", this::read);
        connection.thread("write", () -> write(other));
    }

    private void read() {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            InputStream in = source.getInputStream();
            int count;
            do {
                count = in.read(buffer);
                if (!discarding) {
                    queue.put(new Chunk(buffer, Math.max(0, count), System.nanoTime()));
                }
            } while (count >= 0);
            readToTheEnd = true;
            if (discarding) {
                connection.close();
            }
        } catch (IOException e) {
            if (!severed) {
                connection.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Flow other) {
        try {
            OutputStream out = sink.getOutputStream();
            Chunk chunk = queue.take();
            while (!chunk.isEnd()) {
                if (!handOn(chunk, out)) {
                    sever(other);
                    return;
                }
                chunk = queue.take();
            }
            direction.awaitTurn(connection, chunk.arrivedNanos);
            sink.shutdownOutput();
            connection.flowEnded();
        } catch (IOException e) {
            if (!discarding) {
                connection.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the stream goes on after this chunk. */
    private boolean handOn(Chunk chunk, OutputStream out) throws IOException, InterruptedException {
        int done = 0;
        while (done < chunk.bytes.length && !connection.isOver()) {
            Direction.Turn turn = direction.take(connection, chunk.arrivedNanos, chunk.bytes.length - done);
            out.write(chunk.bytes, done, turn.bytes());
            done += turn.bytes();
            direction.handedOn(turn.bytes());
            if (turn.last()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Ends the stream. The receiver gets an orderly end and keeps its side until it closes it, as a reset could
     * overtake the last bytes. The sender gets a reset.
     */
    private void sever(Flow other) throws IOException {
        severed = true;
        other.discarding = true;
        sink.shutdownOutput();
        GatedConnection.close(source, true);
        other.queue.clear();
        if (other.readToTheEnd) {
            connection.close();
        }
    }
}
