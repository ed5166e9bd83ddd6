package dev.surefoot.net;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.records.Lease;
import dev.surefoot.wire.EncodedRequest;
import dev.surefoot.wire.ResponseDecoder;
import dev.surefoot.wire.ResponseDecoder.Negotiation;
import java.nio.ByteBuffer;

/**
 * How the bytes that a broker sends become answers. This is the seam at which a test takes away the memory that reading
 * needs. Called on the loop's thread.
 */
interface AnswerReader {
    /** Reads what brokers send. */
    AnswerReader WIRE = new AnswerReader() {
        @Override
        public Answer answer(Request<?> request, EncodedRequest encoded, ByteBuffer frame, Lease lease, String broker) {
            return ResponseDecoder.decode(request, encoded, frame, lease, broker);
        }

        @Override
        public Negotiation versions(EncodedRequest encoded, ByteBuffer frame, String broker) {
            return ResponseDecoder.decodeApiVersions(encoded, frame, broker);
        }
    };

    /** As {@link ResponseDecoder#decode}. */
    Answer answer(Request<?> request, EncodedRequest encoded, ByteBuffer frame, Lease lease, String broker);

    /** As {@link ResponseDecoder#decodeApiVersions}. */
    Negotiation versions(EncodedRequest encoded, ByteBuffer frame, String broker);
}
