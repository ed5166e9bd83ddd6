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
 * A TCP proxy on loopback that stands between clients and one broker, and fails on demand.
 *
 * <p>It starts out as an open gate that hands every byte on as it comes. Faults add up until {@link #open()} lifts them
 * all. The port stays the same for the gate's whole life. All methods may be called from any thread; a fault holds for
 * bytes already on their way as well as for later ones.
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

    /** The loopback port that clients connect to. */
    public int port() {
        return port;
    }

    /** Lifts all faults: held bytes flow again, and new connections are accepted. */
    public void open() {
        toBroker.clear();
        toClient.clear();
        accept();
    }

    /** Resets all current connections, on both sides; new ones are accepted as before. */
    public void cut() {
        connections.forEach(GatedConnection::reset);
    }

    /** Refuses new connections from now on; current ones live on. */
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

    /** Delays every byte by this long in each direction, as a long cable would: bandwidth does not suffer. */
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
     * Lets exactly this many more bytes through to clients, then ends the connection that took the last of them; other
     * connections live on, and the limit is lifted. With 0 the next byte to a client is the one that is not delivered.
     *
     * <p>The client sees an orderly end of the stream, so that the bytes before it are sure to arrive;
     * the broker's side is reset.
     */
    public void closeAfter(long bytes) {
        toClient.endAfter(bytes);
    }

    /** Lets exactly this many more bytes through to the broker, then ends the connection; see {@link #closeAfter}. */
    public void closeAfterToBroker(long bytes) {
        toBroker.endAfter(bytes);
    }

    /**
     * Forwards nothing, in either direction, until {@link #open()}: connections are accepted and stay up but are dead,
     * as when a cable is pulled. Not even the end of a connection gets through. Held bytes are not lost.
     */
    public void blackhole() {
        toBroker.hold();
        toClient.hold();
    }

    /** Bytes handed to clients since the gate was made. */
    public long bytesToClient() {
        return toClient.forwarded();
    }

    /** Bytes handed to the broker since the gate was made. */
    public long bytesToBroker() {
        return toBroker.forwarded();
    }

    /** Connections that are up at this moment. */
    public int connections() {
        return connections.size();
    }

    /** Connections that were ever accepted. */
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

    /** Connects to the broker in a thread of its own, so that a broker slow to answer does not keep others waiting. */
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
            // No broker behind the gate: to the client that is a connection that dies at once.
            connection.reset();
        }
    }
}
