package dev.surefoot.net;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** A broker on a loopback socket that does to each request what its script says. */
final class ScriptedBroker implements AutoCloseable {
    /** What the broker does with a request. Runs on the thread of one connection. */
    interface Script {
        void on(Asked asked) throws IOException;
    }

    /** A request that came in, and the way back to who sent it. */
    record Asked(ApiKeys api, short version, int correlationId, ByteBuffer body, Socket socket) {

        void answer(ApiMessage response) throws IOException {
            answerAs(response, version, correlationId);
        }

        void answerAs(ApiMessage response, short asVersion, int asCorrelationId) throws IOException {
            write(frame(response, asVersion, asCorrelationId).array());
        }

        ByteBuffer frame(ApiMessage response, short asVersion, int asCorrelationId) {
            ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(asCorrelationId);
            short headerVersion = api.responseHeaderVersion(asVersion);
            ObjectSerializationCache cache = new ObjectSerializationCache();
            int size = header.size(cache, headerVersion) + response.size(cache, asVersion);
            ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + size).putInt(size);
            header.write(new ByteBufferAccessor(frame), cache, headerVersion);
            response.write(new ByteBufferAccessor(frame), cache, asVersion);
            return frame;
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        void hangUp() throws IOException {
            socket.close();
        }
    }

    private final ServerSocket server;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    private ScriptedBroker(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
        start("broker-accept", this::accept);
    }

    /** A broker that leaves everything to the script. */
    static ScriptedBroker raw(Script script) throws IOException {
        return new ScriptedBroker(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    /** A broker that leaves everything to the script, on a socket of the test's own making. */
    static ScriptedBroker on(ServerSocket server, Script script) {
        return new ScriptedBroker(server, script);
    }

    /** A broker that tells its versions and leaves everything else to the script. */
    static ScriptedBroker with(Script script) throws IOException {
        return over(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    /** As {@link #with}, but on a socket of the test's own making. */
    static ScriptedBroker over(ServerSocket server, Script script) {
        return new ScriptedBroker(server, asked -> {
            if (asked.api() == ApiKeys.API_VERSIONS) {
                asked.answer(versions());
            } else {
                script.on(asked);
            }
        });
    }

    /** The answer of a broker that knows what kafka-clients on this class path knows. */
    static ApiVersionsResponseData versions() {
        ApiVersionsResponseData data = new ApiVersionsResponseData();
        for (ApiKeys api : List.of(
                ApiKeys.API_VERSIONS,
                ApiKeys.FETCH,
                ApiKeys.METADATA,
                ApiKeys.LIST_OFFSETS,
                ApiKeys.OFFSET_FOR_LEADER_EPOCH)) {
            data.apiKeys().add(version(api, api.oldestVersion(), api.latestVersion(false)));
        }
        return data;
    }

    static ApiVersion version(ApiKeys api, int lowest, int highest) {
        return new ApiVersion().setApiKey(api.id).setMinVersion((short) lowest).setMaxVersion((short) highest);
    }

    Node node(int id) {
        return new Node(id, "127.0.0.1", server.getLocalPort());
    }

    /** How many connections have come in since the start. */
    int connections() {
        return sockets.size();
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = server.accept();
            sockets.add(socket);
            start("broker-connection", () -> serve(socket));
        }
    }

    private void serve(Socket socket) throws IOException {
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream())) {
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                script.on(asked(ByteBuffer.wrap(frame), socket));
            }
        }
    }

    private static Asked asked(ByteBuffer frame, Socket socket) {
        ApiKeys api = ApiKeys.forId(frame.getShort(0));
        short version = frame.getShort(2);
        RequestHeaderData header =
                new RequestHeaderData(new ByteBufferAccessor(frame), api.requestHeaderVersion(version));
        return new Asked(api, version, header.correlationId(), frame, socket);
    }

    private interface Task {
        void run() throws IOException;
    }

    private void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (EOFException | SocketException | SSLException e) {
                        // The connection or the whole broker was closed, or the client did not trust it: an ordinary
                        // end.
                    } catch (IOException | RuntimeException | Error e) {
                        faults.add(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        if (!faults.isEmpty()) {
            throw new AssertionError("the scripted broker failed", faults.get(0));
        }
    }
}
