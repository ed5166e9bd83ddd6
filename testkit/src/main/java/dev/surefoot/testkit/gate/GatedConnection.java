package dev.surefoot.testkit.gate;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A client's connection through a gate: two sockets, and one flow in each direction between them. */
final class GatedConnection {

    private final Socket client;
    private final Socket broker;
    private final Consumer<GatedConnection> whenOver;
    private final AtomicInteger flowing = new AtomicInteger(2);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    GatedConnection(Socket client, Socket broker, Consumer<GatedConnection> whenOver) {
        this.client = client;
        this.broker = broker;
        this.whenOver = whenOver;
    }

    void start(Direction toBroker, Direction toClient) {
        Flow up = new Flow(this, client, broker, toBroker);
        Flow down = new Flow(this, broker, client, toClient);
        up.start(down);
        down.start(up);
    }

    boolean isOver() {
        return over;
    }

    /** Runs a task of this connection in a thread that is interrupted when the connection ends. */
    synchronized void thread(String role, Runnable task) {
        if (!over) {
            Thread thread = new Thread(task, "tcp-gate-" + role);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /**
     * Notes that one of the two flows has forwarded the end of its stream. After the second one the connection ends.
     */
    void flowEnded() {
        if (flowing.decrementAndGet() == 0) {
            close();
        }
    }

    /** Ends the connection in an orderly way. */
    void close() {
        end(false);
    }

    /** Ends the connection with a reset on both sides; bytes in transit are lost. */
    void reset() {
        end(true);
    }

    private synchronized void end(boolean abruptly) {
        if (over) {
            return;
        }
        over = true;
        close(client, abruptly);
        close(broker, abruptly);
        threads.forEach(Thread::interrupt);
        whenOver.accept(this);
    }

    /** Closes one socket; closing it with a linger time of zero sends a reset (RST). */
    static void close(Socket socket, boolean abruptly) {
        try {
            if (abruptly) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // A socket that the peer has closed accepts no options; it is closed below all the same.
        } finally {
            closeNow(socket);
        }
    }

    private static void closeNow(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is closed or unusable either way.
        }
    }
}
