package dev.surefoot.net;

import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Request;
import dev.surefoot.core.engine.RequestFailure;
import java.util.Collection;
import org.apache.kafka.common.Node;

/**
 * The way to the brokers and back, as the loop sees it. This is the seam at which a simulated cluster, a faulty network or a
 * museum piece takes the place of sockets: requests and answers cross it as values.
 *
 * <p>Two purposes never share a connection: a broker answers the requests of one connection one after another, so a fetch
 * that waits for data would hold up whatever is asked behind it, and a metadata refresh could stand in the way of a fetch.
 *
 * <p>Everything but {@link #wakeup} belongs to the loop's thread. The calling order in one turn is {@link #brokers} if they
 * changed, {@link #readiness} and {@link #send} as often as wanted, then one {@link #poll}.
 */
public interface Transport extends AutoCloseable {

    /** What a connection is for. */
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

        /** Connecting, throttled, at the bound of requests in flight, or waiting out a back-off. A turn will be due when that changes. */
        record NotYet() implements Readiness {}

        /** The last attempt failed and the next one has to wait for its back-off. */
        record Failed(RequestFailure failure) implements Readiness {}
    }

    /** Where the outcome of each request that was handed over ends, exactly once. */
    interface Outcomes {
        void answered(Request request, Answer answer);

        void failed(Request request, RequestFailure failure);
    }

    /** Replaces the addresses of the brokers. Connections to brokers that are gone, or have moved, are closed and fail what they had in flight. */
    void brokers(Collection<Node> brokers);

    /** Says whether a request of this purpose can be handed over to this broker, and starts to connect when there is no connection and no back-off is due. */
    Readiness readiness(int nodeId, Purpose purpose, long nowNanos);

    /**
     * Hands a request to the wire. Only a request for which this returns true has an outcome.
     *
     * @return false if the request was refused; nothing of it has left and nothing will
     */
    boolean send(Request request, long nowNanos);

    /**
     * Does what input and output there is to do, waiting for it no longer than {@code timeoutNanos}, and reports the outcomes
     * of requests. Returns early after {@link #wakeup}.
     */
    void poll(long timeoutNanos, Outcomes outcomes);

    /** When the transport itself next has something to do (a request timing out, a back-off ending, a throttle lifted), as a value of the clock, or {@link Long#MAX_VALUE}. */
    long nextDeadline();

    /** Makes the {@link #poll} under way, or else the next one, return at once. Safe from any thread. */
    void wakeup();

    /** Closes every connection. What was in flight has no outcome any more. */
    @Override
    void close();
}
