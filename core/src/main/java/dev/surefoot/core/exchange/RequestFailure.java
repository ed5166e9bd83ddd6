package dev.surefoot.core.exchange;

import org.apache.kafka.common.KafkaException;

/**
 * The reason for which a request that was sent has no usable answer, or for which a connection cannot be made. Whether
 * the broker has carried the request out is unknown.
 *
 * @param reason what was observed
 * @param cause the exception for the application, whose message names the broker and what happened
 * @param bytes what the reason counts: the size of the answer for {@link Reason#RESPONSE_TOO_LARGE} and {@link
 *     Reason#NO_MEMORY}, how much of it had arrived for {@link Reason#NO_ANSWER}; 0 if that is unknown, and else
 */
public record RequestFailure(Reason reason, KafkaException cause, long bytes) {
    public RequestFailure(Reason reason, KafkaException cause) {
        this(reason, cause, 0);
    }

    /** A failure of which no more than the kind is known. */
    public RequestFailure(Kind kind, KafkaException cause) {
        this(kind.usualReason(), cause, 0);
    }

    /** What the client does about it. */
    public Kind kind() {
        return reason.kind();
    }

    /** Whether the client's credentials were refused. */
    public boolean isRefusal() {
        return kind() == Kind.AUTHENTICATION;
    }

    /** The kinds of failures, for exhaustive dispatch: reasons of one kind have the same consequences. */
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

        private Reason usualReason() {
            return switch (this) {
                case DISCONNECTED -> Reason.LOST;
                case TIMED_OUT -> Reason.NO_ANSWER;
                case AUTHENTICATION -> Reason.CREDENTIALS;
                case UNSUPPORTED_VERSION -> Reason.UNSUPPORTED_VERSION;
                case MALFORMED -> Reason.MALFORMED;
            };
        }
    }

    /** What was observed, for a diagnosis. */
    public enum Reason {
        /** The name service knows no address of the broker's host, or did not answer in time. */
        NAME_UNRESOLVED(Kind.DISCONNECTED),
        /** No TCP connection was made: nothing listens there, or the network has no route. */
        CONNECT_REFUSED(Kind.DISCONNECTED),
        /** No TCP connection was made within {@code socket.connection.setup.timeout.ms}. */
        CONNECT_TIMED_OUT(Kind.TIMED_OUT),
        /** The other side closed the connection during TLS or SASL, without a reason. */
        CLOSED_IN_AUTHENTICATION(Kind.DISCONNECTED),
        /** The other side closed the connection before it told its API versions. */
        CLOSED_IN_NEGOTIATION(Kind.DISCONNECTED),
        /** TLS or SASL did not end within {@code request.timeout.ms}. */
        AUTHENTICATION_TIMED_OUT(Kind.TIMED_OUT),
        /** The API versions did not come within {@code request.timeout.ms}. */
        NEGOTIATION_TIMED_OUT(Kind.TIMED_OUT),
        /** The TLS handshake failed. */
        TLS(Kind.AUTHENTICATION),
        /** The broker refused the client's credentials. */
        CREDENTIALS(Kind.AUTHENTICATION),
        /** A connection that had been made was lost, or this side closed it. */
        LOST(Kind.DISCONNECTED),
        /** The bytes that arrived are of no Kafka broker. */
        NO_BROKER(Kind.DISCONNECTED),
        /** The answer is larger than this client accepts. */
        RESPONSE_TOO_LARGE(Kind.DISCONNECTED),
        /** There was no memory for the answer, or for the request. */
        NO_MEMORY(Kind.DISCONNECTED),
        /** No answer, or not all of it, came within {@link Request#timeoutNanos}. */
        NO_ANSWER(Kind.TIMED_OUT),
        /** Broker and client have no version of this request in common. */
        UNSUPPORTED_VERSION(Kind.UNSUPPORTED_VERSION),
        /** The answer could not be decoded. */
        MALFORMED(Kind.MALFORMED);

        private final Kind kind;

        Reason(Kind kind) {
            this.kind = kind;
        }

        /** What the client does about it. */
        public Kind kind() {
            return kind;
        }
    }
}
