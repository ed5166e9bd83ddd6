package dev.surefoot.core.exchange;

import org.apache.kafka.common.KafkaException;

/**
 * The reason for which a request that was sent has no usable answer. Whether the broker has carried it out is unknown.
 *
 * @param cause the exception for the application, whose message names the broker and what happened
 */
public record RequestFailure(Kind kind, KafkaException cause) {
    /** Whether the client's credentials were refused. */
    public boolean isRefusal() {
        return kind == Kind.AUTHENTICATION;
    }

    /** The kinds of failures, for exhaustive dispatch. */
    public enum Kind {
        /** The connection was lost or could not be established. */
        DISCONNECTED,
        /** No answer came within {@link Request#timeoutNanos}; the connection is closed. */
        TIMED_OUT,
        /** The broker refused the client's credentials; a retry does not help unless they change. */
        AUTHENTICATION,
        /** Broker and client have no version of this request in common, or it cannot be written. */
        UNSUPPORTED_VERSION,
        /** The answer could not be decoded; the connection is closed. */
        MALFORMED;

        /** Whether broker and connection work, so that a retry without back-off would fail in the same way. */
        public boolean isAnswer() {
            return this == UNSUPPORTED_VERSION || this == MALFORMED;
        }
    }
}
