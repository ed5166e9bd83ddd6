package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes the failures that a connection reports, each with the exception that an application expects for it. */
final class Failures {
    private Failures() {}

    static RequestFailure disconnected(@Nullable String message, @Nullable Throwable cause) {
        return new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException(message, cause));
    }

    /** @param what names what there was no memory for */
    static RequestFailure noMemory(String what, OutOfMemoryError cause) {
        return disconnected("No memory for " + what, cause);
    }

    static RequestFailure timedOut(String message) {
        return new RequestFailure(RequestFailure.Kind.TIMED_OUT, new TimeoutException(message));
    }

    static RequestFailure malformed(KafkaException cause) {
        return new RequestFailure(RequestFailure.Kind.MALFORMED, cause);
    }
}
