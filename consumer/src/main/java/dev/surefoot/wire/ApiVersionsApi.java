package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** ApiVersions: the first request of every connection. It is no request of the core, as only connections send it. */
final class ApiVersionsApi {
    /** The client's name in ApiVersions requests (KIP-511). */
    private static final String SOFTWARE_NAME = "surefoot";

    private ApiVersionsApi() {}

    static RequestBody body(short version) {
        ApiVersionsRequestData data = new ApiVersionsRequestData()
                .setClientSoftwareName(SOFTWARE_NAME)
                .setClientSoftwareVersion(softwareVersion());
        return RequestBody.of(data, version);
    }

    private static String softwareVersion() {
        String version = ApiVersionsApi.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    /** @param frame what follows the response header; position to limit */
    static ResponseDecoder.Negotiation read(EncodedRequest encoded, ByteBuffer frame, String broker) {
        // A broker that does not know the requested version answers in v0, whose error code comes first as in any
        // version.
        boolean unknownVersion = frame.getShort(frame.position()) == BrokerError.UNSUPPORTED_VERSION.code();
        ApiVersionsResponseData data = new ApiVersionsResponseData(
                new ByteBufferAccessor(frame), unknownVersion ? (short) 0 : encoded.version());
        if (unknownVersion && encoded.version() > 0) {
            return new ResponseDecoder.Negotiation.AskAgain(lowerVersion(data, encoded.version()));
        }
        if (data.errorCode() != BrokerError.NONE.code()) {
            throw new KafkaException("error code " + data.errorCode());
        }
        return new ResponseDecoder.Negotiation.Agreed(NegotiatedVersions.from(data, broker), data.throttleTimeMs());
    }

    /** Returns the highest version that the broker names below the one that it refused, or 0. */
    private static short lowerVersion(ApiVersionsResponseData data, short refused) {
        ApiVersionsResponseData.ApiVersion theirs = data.apiKeys().find(ApiKeys.API_VERSIONS.id);
        return theirs == null ? 0 : (short) Math.max(0, Math.min(theirs.maxVersion(), refused - 1));
    }
}
