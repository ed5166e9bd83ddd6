package dev.surefoot.net;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.RequestFailure.Reason;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
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

    /**
     * Nothing of the request was sent, and the next one like it would fail in the same way.
     *
     * @param cause an {@link UnsupportedVersionException} if the broker has no version for it; anything else is a bug
     */
    static RequestFailure unwritable(Request<?> request, String broker, RuntimeException cause) {
        KafkaException why = cause instanceof UnsupportedVersionException known
                ? known
                : new KafkaException(
                        "A " + request.getClass().getSimpleName() + " to " + broker + " cannot be written: " + cause
                                + "; this is a bug in Surefoot",
                        cause);
        return new RequestFailure(RequestFailure.Kind.UNSUPPORTED_VERSION, why);
    }

    static RequestFailure malformed(KafkaException cause) {
        return new RequestFailure(Reason.MALFORMED, cause);
    }
}
