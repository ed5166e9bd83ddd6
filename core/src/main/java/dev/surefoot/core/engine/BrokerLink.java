package dev.surefoot.core.engine;

import java.util.List;

/** How the engine hands requests over. Called on the loop's thread, within a turn. */
public interface BrokerLink {

    /**
     * What a connection is for. Two purposes never share a connection: a broker answers the requests of one connection one
     * after another, so a fetch that waits for data would hold up whatever is asked behind it.
     */
    enum Purpose {
        FETCH,
        CONTROL
    }

    /** Whether a request can be handed over now. */
    sealed interface Readiness {

        /**
         * @param topicIds whether the broker's Fetch versions name topics by id (v13 and above)
         * @param sessions whether the broker's Fetch versions know sessions (v7 and above)
         */
        record Ready(boolean topicIds, boolean sessions) implements Readiness {}

        /** Connecting, throttled or at the bound of requests in flight. A turn will be due when that changes. */
        record NotYet() implements Readiness {}

        /** The last attempt failed and the next one has to wait for its back-off. */
        record Failed(RequestFailure failure) implements Readiness {}
    }

    /** The ids of the bootstrap brokers, all below zero. */
    List<Integer> bootstrapIds();

    /** Says whether a request of this purpose can be handed over to this broker, and starts to connect when there is no connection and no back-off is due. */
    Readiness readiness(int nodeId, Purpose purpose, long nowNanos);

    /**
     * Hands a request to the wire. Only a request for which this returns true has an outcome.
     *
     * @return false if the request was refused; nothing of it has left and nothing will
     */
    boolean send(Request request, long nowNanos);
}
