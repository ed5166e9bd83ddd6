package dev.surefoot.core.exchange;

import org.apache.kafka.common.KafkaException;

/**
 * How a request that was handed to the wire ended without a usable answer. Its outcome at the broker is unknown.
 *
 * @param cause says which broker and what happened, in words fit for an application's log
 */
public record RequestFailure(Kind kind, KafkaException cause) {
    /** Whether the client's credentials were refused. */
    public boolean isRefusal() {
        return kind == Kind.AUTHENTICATION;
    }

    public enum Kind {
        /** The connection was lost, or could not be made. */
        DISCONNECTED,
        /** No answer came within {@code request.timeout.ms}; the connection is closed. */
        TIMED_OUT,
        /** The broker refused the client's credentials; trying again does not help by itself. */
        AUTHENTICATION,
        /** Broker and client have no version of this request in common. */
        UNSUPPORTED_VERSION,
        /** The answer could not be decoded; the connection is closed. */
        MALFORMED;

        /** Whether broker and connection work, so that the same request at once would meet with the same end. */
        public boolean isAnswer() {
            return this == UNSUPPORTED_VERSION || this == MALFORMED;
        }
    }
}
