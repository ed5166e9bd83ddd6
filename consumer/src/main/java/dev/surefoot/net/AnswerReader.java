package dev.surefoot.net;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.records.Lease;
import dev.surefoot.wire.EncodedRequest;
import dev.surefoot.wire.ResponseDecoder;
import dev.surefoot.wire.ResponseDecoder.Negotiation;
import java.nio.ByteBuffer;

/**
 * Decodes the bytes that a broker sends. A test replaces it to simulate an exhausted heap. Called on the loop's thread.
 */
interface AnswerReader {
    /** The shipped decoder. */
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

    /** Does the same as {@link ResponseDecoder#decode}. */
    Answer answer(Request<?> request, EncodedRequest encoded, ByteBuffer frame, Lease lease, String broker);

    /** Does the same as {@link ResponseDecoder#decodeApiVersions}. */
    Negotiation versions(EncodedRequest encoded, ByteBuffer frame, String broker);
}
