package dev.surefoot.net;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.records.Lease;
import dev.surefoot.net.InFlightRequests.InFlight;
import dev.surefoot.wire.EncodedRequest;
import dev.surefoot.wire.ResponseDecoder.Negotiation;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Decodes what one broker sends. What cannot be decoded comes back as a failure. Owned by the loop's thread. */
final class CheckedReader {
    /** What was read, or why it could not be; exactly one of the two is null. */
    record Read<T>(@Nullable T value, @Nullable RequestFailure failure) {}

    private final AnswerReader reader;
    private final String broker;

    /** @param broker the broker's name in messages */
    CheckedReader(AnswerReader reader, String broker) {
        this.reader = reader;
        this.broker = broker;
    }

    /** Does the same as {@link AnswerReader#answer}. */
    Read<Answer> answer(InFlight request, ByteBuffer frame, Lease lease) {
        return read(
                () -> reader.answer(request.request(), request.encoded(), frame, lease, broker),
                "the content of an answer of " + broker);
    }

    /** Does the same as {@link AnswerReader#versions}. */
    Read<Negotiation> versions(EncodedRequest question, ByteBuffer frame) {
        return read(() -> reader.versions(question, frame, broker), "the ApiVersions answer of " + broker);
    }

    private static <T> Read<T> read(Supplier<T> reading, String what) {
        try {
            return new Read<>(reading.get(), null);
        } catch (KafkaException e) {
            return new Read<>(null, Failures.malformed(e));
        } catch (OutOfMemoryError e) {
            return new Read<>(null, Failures.noMemory(what, e));
        }
    }
}
