package dev.surefoot.testkit.gate;

import dev.surefoot.testkit.LoopbackPorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback between clients and one broker, which fails on demand. Safe from any thread.
 *
 * <p>A new gate is open and forwards every byte at once. Faults add up until {@link #open()} ends them all. The port
 * stays the same for the gate's whole life. A fault applies to bytes already in transit as well as to later ones.
 */
public final class TcpGate implements AutoCloseable {

    private final InetSocketAddress broker;
    private final int port = LoopbackPorts.take();
    private final Direction toBroker = new Direction();
    private final Direction toClient = new Direction();
    private final Set<GatedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private @Nullable Listener listener;
    private boolean closed;

    private TcpGate(InetSocketAddress broker) {
        this.broker = broker;
    }

    /** Opens a gate on a free port that leads to the given address. */
    public static TcpGate to(InetSocketAddress broker) {
        TcpGate gate = new TcpGate(broker);
        gate.accept();
        return gate;
    }

    /** Returns the loopback port that clients connect to. */
    public int port() {
        return port;
    }

    /** Ends all faults: held bytes are forwarded, and new connections are accepted. */
    public void open() {
        toBroker.clear();
        toClient.clear();
        accept();
    }

    /** Resets all current connections, on both sides; new ones are accepted as before. */
    public void cut() {
        connections.forEach(GatedConnection::reset);
    }

    /** Refuses new connections from now on; current ones stay up. */
    public synchronized void refuse() {
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }

    /**
     * Accepts new connections again.
     *
     * @throws IllegalStateException if the gate is closed
     */
    public synchronized void accept() {
        if (closed) {
            throw new IllegalStateException("The gate on port " + port + " is closed");
        }
        if (listener == null) {
            listener = Listener.on(port, this::admit);
        }
    }

    /** Delays every byte by this time in each direction, as a long cable does; the bandwidth stays the same. */
    public void delay(Duration each) {
        delay(each, each);
    }

    /** Delays every byte by these times. */
    public void delay(Duration towardBroker, Duration towardClient) {
        toBroker.delay(towardBroker);
        toClient.delay(towardClient);
    }

    /**
     * Limits each direction to this many bytes a second, over all connections together.
     *
     * @throws IllegalArgumentException if not positive
     */
    public void throttle(long bytesPerSecond) {
        toBroker.throttle(bytesPerSecond);
        toClient.throttle(bytesPerSecond);
    }

    /**
     * Forwards exactly this many more bytes to clients, then ends the connection that took the last of them. Other
     * connections stay up, and the limit ends. With 0 the next byte to a client is the first that is not delivered.
     *
     * <p>The client sees an orderly end of the stream, so that the bytes before it are sure to arrive. The broker's
     * side is reset.
     *
     * @param bytes 0 or more
     */
    public void closeAfter(long bytes) {
        toClient.endAfter(bytes);
    }

    /**
     * Forwards exactly this many more bytes to the broker, then ends the connection; see {@link #closeAfter}.
     *
     * @param bytes 0 or more
     */
    public void closeAfterToBroker(long bytes) {
        toBroker.endAfter(bytes);
    }

    /**
     * Forwards nothing in either direction until {@link #open()}, as when a cable is pulled. Connections are accepted
     * and stay up, but not even the end of a connection is forwarded. Held bytes are not lost.
     */
    public void blackhole() {
        toBroker.hold();
        toClient.hold();
    }

    /** Returns how many bytes were forwarded to clients since the gate was made. */
    public long bytesToClient() {
        return toClient.forwarded();
    }

    /** Returns how many bytes were forwarded to the broker since the gate was made. */
    public long bytesToBroker() {
        return toBroker.forwarded();
    }

    /** Returns how many connections are up now. */
    public int connections() {
        return connections.size();
    }

    /** Returns how many connections were accepted since the gate was made. */
    public long accepted() {
        return accepted.get();
    }

    /** Resets all connections and stops listening, for good. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            refuse();
        }
        cut();
    }

    /** Connects to the broker in a thread of its own, so that a slow broker does not delay other clients. */
    private void admit(Socket client) {
        accepted.incrementAndGet();
        Socket upstream = new Socket();
        GatedConnection connection = new GatedConnection(client, upstream, connections::remove);
        connections.add(connection);
        connection.thread("connect", () -> connect(client, upstream, connection));
    }

    private void connect(Socket client, Socket upstream, GatedConnection connection) {
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(broker);
            connection.start(toBroker, toClient);
        } catch (IOException e) {
            // No broker listens behind the gate: the client's connection ends at once.
            connection.reset();
        }
    }
}
