package dev.surefoot.testkit.gate;

import dev.surefoot.testkit.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** A listening port, and the thread that accepts its connections. */
final class Listener {

    private final int port;
    private final ServerSocket socket;
    private final Thread thread;

    private Listener(int port, ServerSocket socket, Consumer<Socket> whenAccepted) {
        this.port = port;
        this.socket = socket;
        this.thread = new Thread(() -> acceptAll(whenAccepted), "tcp-gate-accept");
        thread.setDaemon(true);
    }

    static Listener on(int port, Consumer<Socket> whenAccepted) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(LoopbackPorts.at(port));
            Listener listener = new Listener(port, socket, whenAccepted);
            listener.thread.start();
            return listener;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on port " + port, e);
        }
    }

    /** Returns when the port is free. The kernel keeps it open for as long as a thread waits in accept. */
    void close() {
        try {
            socket.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot stop listening on port " + port, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while closing port " + port, e);
        }
    }

    private void acceptAll(Consumer<Socket> whenAccepted) {
        while (true) {
            Socket accepted;
            try {
                accepted = socket.accept();
            } catch (IOException e) {
                // The socket was closed.
                return;
            }
            whenAccepted.accept(accepted);
        }
    }
}
