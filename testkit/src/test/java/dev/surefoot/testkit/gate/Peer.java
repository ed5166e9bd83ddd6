package dev.surefoot.testkit.gate;

import dev.surefoot.testkit.LoopbackPorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Stands in for a broker behind a gate: it accepts connections and leaves the rest to the test, or echoes. */
final class Peer implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 10;

    private final ServerSocket listener = new ServerSocket();
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private final boolean echoes;

    private Peer(boolean echoes) throws IOException {
        this.echoes = echoes;
        listener.bind(LoopbackPorts.at(LoopbackPorts.take()));
        run(this::acceptAll);
    }

    /** A peer whose connections the test takes with {@link #accepted}. */
    static Peer silent() throws IOException {
        return new Peer(false);
    }

    /** A peer that sends back whatever it gets. */
    static Peer echo() throws IOException {
        return new Peer(true);
    }

    TcpGate gate() {
        return TcpGate.to(LoopbackPorts.at(listener.getLocalPort()));
    }

    Socket accepted() throws InterruptedException {
        Socket next = accepted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("No connection came through");
        }
        return next;
    }

    /** A client's connection through the gate, whose reads fail rather than wait for ever. */
    static Socket connect(TcpGate gate) throws IOException {
        Socket client = new Socket();
        client.setTcpNoDelay(true);
        client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        client.connect(LoopbackPorts.at(gate.port()));
        return client;
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket next = listener.accept();
                if (echoes) {
                    run(() -> echo(next));
                } else {
                    next.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
                    accepted.add(next);
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            in.transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The gate broke the connection, as tests ask it to.
        }
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "peer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
