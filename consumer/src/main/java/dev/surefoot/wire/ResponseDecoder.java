package dev.surefoot.wire;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Reads responses. The {@link BrokerApi} of each request reads the body. Bytes that are no valid response give a
 * {@link KafkaException} that names the request and the broker, and no other exception.
 */
public final class ResponseDecoder {
    private ResponseDecoder() {}

    /** A broker's answer to ApiVersions. */
    public sealed interface Negotiation {
        /** Handles an answer; a method for each kind. */
        interface Visitor {
            void agreed(Agreed agreed);

            void askAgain(AskAgain again);
        }

        void accept(Visitor visitor);

        /** The connection can be used with these versions. */
        record Agreed(NegotiatedVersions versions, int throttleTimeMs) implements Negotiation {
            @Override
            public void accept(Visitor visitor) {
                visitor.agreed(this);
            }
        }

        /** The broker does not know the version of the request; it is to be sent again in this version. */
        record AskAgain(short version) implements Negotiation {
            @Override
            public void accept(Visitor visitor) {
                visitor.askAgain(this);
            }
        }
    }

    /**
     * Reads the answer to a request.
     *
     * @param frame the response behind its length prefix; position to limit
     * @param lease the hold on the frame's memory. The answer to a fetch takes it over; in all other cases, an
     *     exception included, it stays the caller's
     * @param broker names the broker in messages
     * @throws KafkaException if the bytes are no answer to this request
     */
    public static Answer decode(
            Request<?> request, EncodedRequest encoded, ByteBuffer frame, Lease lease, String broker) {
        int responseBytes = Integer.BYTES + frame.remaining();
        try {
            header(encoded, frame);
            return BrokerApis.of(request).read(new Response(encoded, frame, responseBytes, lease));
        } catch (RuntimeException e) {
            throw unusable(encoded, broker, e);
        }
    }

    /**
     * Reads the answer to an ApiVersions request.
     *
     * @throws KafkaException if the bytes are no such answer, or the broker refuses to answer
     */
    public static Negotiation decodeApiVersions(EncodedRequest encoded, ByteBuffer frame, String broker) {
        try {
            header(encoded, frame);
            return ApiVersionsApi.read(encoded, frame, broker);
        } catch (RuntimeException e) {
            throw unusable(encoded, broker, e);
        }
    }

    private static void header(EncodedRequest encoded, ByteBuffer frame) {
        short version = encoded.api().responseHeaderVersion(encoded.version());
        int correlationId = new ResponseHeaderData(new ByteBufferAccessor(frame), version).correlationId();
        if (correlationId != encoded.correlationId()) {
            throw new KafkaException(
                    "correlation id " + correlationId + " where " + encoded.correlationId() + " was expected");
        }
    }

    /**
     * Generated messages throw any RuntimeException for bad bytes; all of them become one class that names request and
     * broker.
     */
    private static KafkaException unusable(EncodedRequest encoded, String broker, RuntimeException cause) {
        return new KafkaException(
                "Cannot use the answer of " + broker + " to " + encoded.describe() + ": " + cause.getMessage(), cause);
    }
}
