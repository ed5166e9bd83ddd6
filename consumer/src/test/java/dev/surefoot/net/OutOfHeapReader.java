package dev.surefoot.net;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.records.Lease;
import dev.surefoot.wire.EncodedRequest;
import dev.surefoot.wire.ResponseDecoder.Negotiation;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/** Reads answers, and has no memory for one of them when told to. */
final class OutOfHeapReader implements AnswerReader {
    /** The next answer to such a request finds no memory; null for none. */
    volatile Predicate<Request<?>> failNext;
    /** Whether the next word about versions finds no memory. */
    volatile boolean failVersions;

    @Override
    public Answer answer(Request<?> request, EncodedRequest encoded, ByteBuffer frame, Lease lease, String broker) {
        Predicate<Request<?>> failing = failNext;
        if (failing != null && failing.test(request)) {
            failNext = null;
            throw new OutOfMemoryError("Java heap space, on purpose");
        }
        return WIRE.answer(request, encoded, frame, lease, broker);
    }

    @Override
    public Negotiation versions(EncodedRequest encoded, ByteBuffer frame, String broker) {
        if (failVersions) {
            failVersions = false;
            throw new OutOfMemoryError("Java heap space, on purpose");
        }
        return WIRE.versions(encoded, frame, broker);
    }
}
