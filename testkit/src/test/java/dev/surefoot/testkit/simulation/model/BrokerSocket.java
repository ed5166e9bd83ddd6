package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Request;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.wire.EncodedRequest;
import dev.surefoot.wire.FetchRequestCodec;
import dev.surefoot.wire.FetchResponseCodec;
import dev.surefoot.wire.FetchSettings;
import dev.surefoot.wire.NegotiatedVersions;
import dev.surefoot.wire.RequestEncoder;
import dev.surefoot.wire.ResponseDecoder;
import dev.surefoot.wire.ResponseDecoder.Negotiation;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.function.BiFunction;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;

/** One connection to a real broker that sends exactly what it is told to, one request after another. */
final class BrokerSocket implements AutoCloseable {
    private static final int NO_ANSWER_WITHIN_MS = 20_000;
    private static final short API_VERSIONS_VERSION = 3;

    private final Socket socket;
    private final DataInputStream in;
    private final RequestEncoder encoder =
            new RequestEncoder("twin", new FetchSettings(0, 0, false, ""), NO_ANSWER_WITHIN_MS);
    private final NegotiatedVersions versions;
    private int correlationId;

    BrokerSocket(String address) {
        int colon = address.lastIndexOf(':');
        try {
            socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(NO_ANSWER_WITHIN_MS);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + address, e);
        }
        versions = negotiate();
    }

    private NegotiatedVersions negotiate() {
        EncodedRequest asked = encoder.encodeApiVersions(API_VERSIONS_VERSION, ++correlationId);
        Negotiation negotiation = ResponseDecoder.decodeApiVersions(asked, exchange(asked), "the broker");
        if (negotiation instanceof Negotiation.Agreed agreed) {
            return agreed.versions();
        }
        throw new IllegalStateException("the broker does not speak ApiVersions v" + API_VERSIONS_VERSION);
    }

    /** Asks, in the way that the client does, anything but a fetch. */
    Answer ask(Request<?> request) {
        EncodedRequest asked = encoder.encode(request, versions, ++correlationId);
        return ResponseDecoder.decode(request, asked, exchange(asked), Lease.NONE, "the broker");
    }

    private ByteBuffer exchange(EncodedRequest request) {
        request.frame().position(request.frame().limit());
        send(request.frame());
        return frame();
    }

    /** Sends a fetch; {@link #receiveFetch} gives its answer. */
    void sendFetch(FetchPlan plan, int maxBytes, FetchSettings settings, short version) {
        ByteBuffer frame = frame(ApiKeys.FETCH, version, FetchRequestCodec.size(plan, settings, version));
        FetchRequestCodec.write(plan, maxBytes, settings, version, frame);
        send(frame);
    }

    FetchAnswer receiveFetch(short version) {
        return FetchResponseCodec.read(receive(ApiKeys.FETCH, version), version, Lease.NONE);
    }

    /** Sends a request and waits for its answer. */
    <T> T ask(ApiKeys api, int version, ApiMessage body, BiFunction<Readable, Short, T> answer) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer frame = frame(api, (short) version, body.size(cache, (short) version));
        body.write(new ByteBufferAccessor(frame), cache, (short) version);
        send(frame);
        return answer.apply(new ByteBufferAccessor(receive(api, (short) version)), (short) version);
    }

    private ByteBuffer frame(ApiKeys api, short version, int bodyBytes) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(++correlationId)
                .setClientId("twin");
        short headerVersion = api.requestHeaderVersion(version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = header.size(cache, headerVersion) + bodyBytes;
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + size).putInt(size);
        header.write(new ByteBufferAccessor(frame), cache, headerVersion);
        return frame;
    }

    private void send(ByteBuffer frame) {
        try {
            socket.getOutputStream().write(frame.array(), 0, frame.position());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ByteBuffer receive(ApiKeys api, short version) {
        ByteBuffer body = frame();
        int answered = new ResponseHeaderData(new ByteBufferAccessor(body), api.responseHeaderVersion(version))
                .correlationId();
        if (answered != correlationId) {
            throw new IllegalStateException("request " + correlationId + " was answered as " + answered);
        }
        return body;
    }

    private ByteBuffer frame() {
        try {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return ByteBuffer.wrap(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to request " + correlationId, e);
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
