package dev.surefoot.wire;

import dev.surefoot.core.exchange.Request;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Writes requests as whole frames. The {@link BrokerApi} of each request writes its body. Immutable, safe from any
 * thread.
 */
public final class RequestEncoder {
    /** A key that {@code ConsumerConfig} defines and does not name in public; Kafka Streams sets it. */
    private static final String NEEDS_STABLE_OFFSETS = "internal.throw.on.fetch.stable.offset.unsupported";

    private final String clientId;
    private final WireSettings settings;

    RequestEncoder(String clientId, WireSettings settings) {
        this.clientId = clientId;
        this.settings = settings;
    }

    /** An encoder that uses offsets of open transactions where a broker cannot hold them back. */
    public RequestEncoder(String clientId, FetchSettings fetchSettings, int requestTimeoutMs) {
        this(clientId, new WireSettings(fetchSettings, requestTimeoutMs, false));
    }

    /** The encoder of a consumer with this configuration. */
    public static RequestEncoder of(AbstractConfig config, FetchSettings fetchSettings) {
        return new RequestEncoder(
                config.getString(ConsumerConfig.CLIENT_ID_CONFIG),
                new WireSettings(
                        fetchSettings,
                        config.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG),
                        config.getBoolean(NEEDS_STABLE_OFFSETS)));
    }

    /**
     * Writes a request.
     *
     * @throws UnsupportedVersionException if no version of the broker can express it
     */
    public EncodedRequest encode(Request<?> request, NegotiatedVersions versions, int correlationId) {
        BrokerApis.Message<?, ?> message = BrokerApis.of(request);
        short version = message.version(versions);
        return encode(message.api().key(), message.body(settings, version), version, correlationId);
    }

    /** Writes the ApiVersions request, the first of every connection. */
    public EncodedRequest encodeApiVersions(short version, int correlationId) {
        return encode(ApiKeys.API_VERSIONS, ApiVersionsApi.body(version), version, correlationId);
    }

    private EncodedRequest encode(ApiKeys api, RequestBody body, short version, int correlationId) {
        ByteBuffer frame = frame(api, version, correlationId, body.bytes());
        body.write(frame);
        return encoded(api, version, correlationId, frame);
    }

    /** Returns a buffer for a whole frame with its length prefix and header written, positioned at the body. */
    private ByteBuffer frame(ApiKeys api, short version, int correlationId, int bodySize) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId(clientId);
        short headerVersion = api.requestHeaderVersion(version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = Math.addExact(header.size(cache, headerVersion), bodySize);
        ByteBuffer frame = ByteBuffer.allocate(Math.addExact(Integer.BYTES, size));
        frame.putInt(size);
        header.write(new ByteBufferAccessor(frame), cache, headerVersion);
        return frame;
    }

    private static EncodedRequest encoded(ApiKeys api, short version, int correlationId, ByteBuffer frame) {
        if (frame.hasRemaining()) {
            throw new IllegalStateException(api.name + " v" + version + " was announced with " + frame.limit()
                    + " bytes but wrote " + frame.position());
        }
        frame.flip();
        return new EncodedRequest(api, version, correlationId, frame, frame.limit());
    }
}
