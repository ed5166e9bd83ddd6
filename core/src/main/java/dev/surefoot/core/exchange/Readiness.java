package dev.surefoot.core.exchange;

import org.jspecify.annotations.Nullable;

/** Whether a request can be handed over to a broker now, and if not, why. */
public sealed interface Readiness {

    /** Acts on readiness; a method for each kind. */
    interface Visitor {
        void ready(Ready ready);

        void notYet(NotYet notYet);

        void failed(Failed failed);
    }

    void accept(Visitor visitor);

    /** Whether a request can be handed over. */
    default boolean isReady() {
        return false;
    }

    /** Why the last attempt to connect failed, or null if it has not. */
    default @Nullable RequestFailure failure() {
        return null;
    }

    /**
     * A request can be handed over.
     *
     * @param topicIds whether the broker's Fetch versions name topics by id (v13 and above)
     * @param sessions whether the broker's Fetch versions know sessions (v7 and above)
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
        /** The TCP connection is being made. */
        CONNECTING,
        /** TLS and SASL are not through, for the first time or again (KIP-368). */
        AUTHENTICATING,
        /** The broker has not said yet which versions it knows. */
        NEGOTIATING,
        /** The broker has asked for silence, as a quota is used up (KIP-219). */
        THROTTLED,
        /** As many requests are in flight as the connection may have. */
        IN_FLIGHT_FULL,
        /** The request before is not written to the socket completely. */
        WRITING
    }

    /**
     * A request cannot be handed over yet. A turn will be due when that changes.
     *
     * @param untilNanos when the wait ends at the latest by itself, as a value of the clock; {@link Long#MAX_VALUE} if
     *     only the broker or the network ends it
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
