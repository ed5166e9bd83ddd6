package dev.surefoot.wire;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Reads responses; what stands in them each {@link BrokerApi} knows. What it cannot read it refuses with a
 * {@link KafkaException} that names the request and the broker; no other exception leaves it, whatever the bytes are.
 */
public final class ResponseDecoder {
    private ResponseDecoder() {}

    /** What a broker says to the question that opens a connection. */
    public sealed interface Negotiation {
        /** Acts on what a broker says; a method for each kind. */
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

        /** The broker is older than the question; it is to be asked again in this version. */
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
            return BrokerApis.of(request).api().read(new Response(encoded, frame, responseBytes, lease));
        } catch (RuntimeException e) {
            throw unusable(encoded, broker, e);
        }
    }

    /**
     * Reads the answer to the question that opens a connection.
     *
     * @throws KafkaException if the bytes are no such answer, or the broker refuses to say
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

    /** Generated messages refuse bad bytes with any RuntimeException; all of them become one kind that says where. */
    private static KafkaException unusable(EncodedRequest encoded, String broker, RuntimeException cause) {
        return new KafkaException(
                "Cannot use the answer of " + broker + " to " + encoded.describe() + ": " + cause.getMessage(), cause);
    }
}
