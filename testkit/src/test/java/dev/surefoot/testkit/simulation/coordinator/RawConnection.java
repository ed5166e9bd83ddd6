package dev.surefoot.testkit.simulation.coordinator;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/** One connection to a real broker, with one request under way at most, whose answer may take its time. */
final class RawConnection implements AutoCloseable {
    private static final int NO_ANSWER_WITHIN_MS = 20_000;

    /** The client id of every request here; member ids begin with it. */
    static final String CLIENT_ID = "twin";

    private final Socket socket;
    private final DataInputStream in;
    private int correlationId;
    private @Nullable ApiKeys asked;
    private short askedVersion;

    RawConnection(String address) {
        int colon = address.lastIndexOf(':');
        try {
            socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(NO_ANSWER_WITHIN_MS);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + address, e);
        }
    }

    void send(ApiMessage body, int version) {
        if (asked != null) {
            throw new IllegalStateException(asked + " has no answer yet");
        }
        asked = ApiKeys.forId(body.apiKey());
        askedVersion = (short) version;
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(asked.id)
                .setRequestApiVersion(askedVersion)
                .setCorrelationId(++correlationId)
                .setClientId(CLIENT_ID);
        short headerVersion = asked.requestHeaderVersion(askedVersion);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = header.size(cache, headerVersion) + body.size(cache, askedVersion);
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + size).putInt(size);
        header.write(new ByteBufferAccessor(frame), cache, headerVersion);
        body.write(new ByteBufferAccessor(frame), cache, askedVersion);
        try {
            socket.getOutputStream().write(frame.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a part of an answer is here. */
    boolean isAnswered() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the answer. */
    ApiMessage receive() {
        ApiKeys api = asked;
        if (api == null) {
            throw new IllegalStateException("nothing was asked");
        }
        try {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            Readable body = new ByteBufferAccessor(ByteBuffer.wrap(bytes));
            int answered = new ResponseHeaderData(body, api.responseHeaderVersion(askedVersion)).correlationId();
            if (answered != correlationId) {
                throw new IllegalStateException("request " + correlationId + " was answered as " + answered);
            }
            ApiMessage answer = api.messageType.newResponse();
            answer.read(body, askedVersion);
            asked = null;
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to " + api, e);
        }
    }

    /**
     * Waits until the broker has taken in everything that was sent to it before, on whatever connection. The broker
     * needs one thread for the network and one for requests: it reads all connections that have something in one go,
     * so what was sent before the first of two requests is taken in before the second.
     */
    void awaitAllTakenIn() {
        for (int i = 0; i < 2; i++) {
            send(new ApiVersionsRequestData(), 0);
            receive();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
