package dev.surefoot.core.exchange;

import org.jspecify.annotations.Nullable;

/** Whether a request can be sent to a broker now, or why not. Immutable. */
public sealed interface Readiness {

    /** Handles readiness, with one method for each kind. */
    interface Visitor {
        void ready(Ready ready);

        void notYet(NotYet notYet);

        void failed(Failed failed);
    }

    /** Calls the method of {@code visitor} for this kind. */
    void accept(Visitor visitor);

    /** Whether a request can be sent. */
    default boolean isReady() {
        return false;
    }

    /** Why the last attempt to connect failed, or null if it did not fail. */
    default @Nullable RequestFailure failure() {
        return null;
    }

    /**
     * A request can be sent.
     *
     * @param topicIds whether the broker's Fetch versions name topics by id (v13 and above)
     * @param sessions whether the broker's Fetch versions have sessions (v7 and above)
     */
    record Ready(boolean topicIds, boolean sessions) implements Readiness {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.ready(this);
        }
    }

    /** Why a connection takes no request yet. */
    enum Cause {
        /** The broker's host name is being resolved. */
        RESOLVING,
        /** The TCP connection is being established. */
        CONNECTING,
        /** TLS or SASL is not finished, for the first time or at reauthentication (KIP-368). */
        AUTHENTICATING,
        /** The broker has not sent its API versions yet. */
        NEGOTIATING,
        /** The broker has asked the client to send nothing, because a quota is exceeded (KIP-219). */
        THROTTLED,
        /** The connection has the largest allowed number of requests in flight. */
        IN_FLIGHT_FULL,
        /** The previous request is not completely written to the socket. */
        WRITING
    }

    /**
     * A request cannot be sent yet. A turn is due when that changes.
     *
     * @param untilNanos the time at which the wait ends at the latest, in nanoseconds of the loop's clock; {@link
     *     Long#MAX_VALUE} if only the broker or the network ends it
     */
    record NotYet(Cause cause, long untilNanos) implements Readiness {
        @Override
        public void accept(Visitor visitor) {
            visitor.notYet(this);
        }
    }

    /** The last attempt to connect failed, and the next one has to wait for its back-off. */
    record Failed(RequestFailure failure) implements Readiness {
        @Override
        public void accept(Visitor visitor) {
            visitor.failed(this);
        }
    }
}
