package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.RequestFailure.Reason;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes the failures that a connection reports, each with the exception that an application expects for it. */
final class Failures {
    private Failures() {}

    static RequestFailure disconnected(@Nullable String message, @Nullable Throwable cause) {
        return disconnected(Reason.LOST, message, cause, 0);
    }

    static RequestFailure disconnected(Reason reason, @Nullable String message, @Nullable Throwable cause, long bytes) {
        return new RequestFailure(reason, new DisconnectException(message, cause), bytes);
    }

    /** @param what names what there was no memory for */
    static RequestFailure noMemory(String what, OutOfMemoryError cause) {
        return disconnected(Reason.NO_MEMORY, "No memory for " + what, cause, 0);
    }

    static RequestFailure timedOut(Reason reason, String message) {
        return timedOut(reason, message, 0);
    }

    /** @param bytes how much of the answer has arrived */
    static RequestFailure timedOut(Reason reason, String message, long bytes) {
        return new RequestFailure(reason, new TimeoutException(message), bytes);
    }

    static RequestFailure refused(AuthenticationException cause) {
        boolean tls = cause instanceof SslAuthenticationException;
        return new RequestFailure(tls ? Reason.TLS : Reason.CREDENTIALS, cause);
    }

    static RequestFailure malformed(KafkaException cause) {
        return new RequestFailure(Reason.MALFORMED, cause);
    }
}
