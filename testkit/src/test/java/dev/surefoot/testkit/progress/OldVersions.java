package dev.surefoot.testkit.progress;

import dev.surefoot.testkit.LoopbackPorts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy before a broker, by whose first answer on each connection, that of ApiVersions, the broker has Fetch in
 * versions 0 to 3 only.
 */
final class OldVersions implements AutoCloseable {
    private static final Pattern CLIENT = Pattern.compile("CLIENT://127[.]0[.]0[.]1:(\\d+)");
    private static final short FETCH = 1;
    private static final short OLDEST_NOW = 4;
    private static final short OLDEST_THEN = 0;
    private static final short NEWEST_THEN = 3;

    private final int broker;
    private final ServerSocket listening;

    private OldVersions(int broker) throws IOException {
        this.broker = broker;
        this.listening = new ServerSocket();
        listening.bind(LoopbackPorts.at(LoopbackPorts.take()));
        start(this::accept);
    }

    /** Puts a proxy before the listener CLIENT, and returns the addresses with that of the proxy. */
    static String before(String advertised, AtomicReference<OldVersions> proxy) {
        Matcher client = CLIENT.matcher(advertised);
        if (!client.find()) {
            throw new IllegalArgumentException(advertised);
        }
        try {
            proxy.set(new OldVersions(Integer.parseInt(client.group(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return client.replaceFirst("CLIENT://127.0.0.1:" + proxy.get().listening.getLocalPort());
    }

    private interface Copying {
        void run() throws IOException;
    }

    private static void start(Copying copying) {
        Thread thread = new Thread(
                () -> {
                    try {
                        copying.run();
                    } catch (IOException e) {
                        // One side has closed the connection, or the proxy is closed.
                    }
                },
                "old-versions");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket upstream = new Socket();
            upstream.connect(LoopbackPorts.at(broker));
            start(() -> {
                try (client;
                        upstream) {
                    client.getInputStream().transferTo(upstream.getOutputStream());
                }
            });
            start(() -> {
                try (client;
                        upstream) {
                    answer(upstream, client);
                }
            });
        }
    }

    private static void answer(Socket upstream, Socket client) throws IOException {
        DataInputStream from = new DataInputStream(upstream.getInputStream());
        DataOutputStream to = new DataOutputStream(client.getOutputStream());
        ByteBuffer versions = ByteBuffer.allocate(from.readInt());
        from.readFully(versions.array());
        makeOld(versions);
        to.writeInt(versions.capacity());
        to.write(versions.array());
        from.transferTo(to);
    }

    private static void makeOld(ByteBuffer versions) {
        for (int at = 0; at + 4 <= versions.capacity(); at++) {
            if (versions.getShort(at) == FETCH && versions.getShort(at + 2) == OLDEST_NOW) {
                versions.putShort(at + 2, OLDEST_THEN).putShort(at + 4, NEWEST_THEN);
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
