package dev.surefoot.net;

import dev.surefoot.core.engine.BrokerLink;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.Collection;
import java.util.Set;
import org.apache.kafka.common.Node;

/**
 * The connections to the brokers, as the loop uses them: requests and answers cross this interface as values. A
 * simulated cluster, a faulty network or a flawed transport may take the place of sockets here.
 *
 * <p>All methods but {@link #wakeup} and {@link #heldBytes} belong to the loop's thread. The order of calls in one
 * turn: {@link #brokers} if they changed, {@link #readiness} and {@link #send} any number of times, then one
 * {@link #poll}.
 */
public interface Transport extends BrokerLink, AutoCloseable {

    /** Receives the outcome of each request that was sent, exactly once. */
    interface Outcomes {
        void answered(Request<?> request, Answer answer);

        void failed(Request<?> request, RequestFailure failure);
    }

    /**
     * Replaces the addresses of the brokers. Connections to brokers that have left or moved are closed; their requests
     * in flight fail in the next {@link #poll}.
     */
    void brokers(Collection<Node> brokers);

    /**
     * Replaces the brokers that are named as the cause of trouble of an assigned partition. They have lines of their
     * own, so the transport has none for their connections.
     */
    default void namedInTrouble(Set<Integer> nodeIds) {}

    /**
     * Does all input and output that is possible, waits for it at most {@code timeoutNanos}, and reports the outcomes
     * of requests. Returns early after {@link #wakeup}.
     */
    void poll(long timeoutNanos, Outcomes outcomes);

    /**
     * Returns when the transport itself next has something to do (a request times out, a back-off or a throttle ends),
     * as a value of the clock, or {@link Long#MAX_VALUE}.
     */
    long nextDeadlineNanos();

    /**
     * Bytes of memory that fetched answers occupy and whose leases have not been released yet. Safe from any thread.
     */
    long heldBytes();

    /**
     * Returns the most bytes that fetched answers may occupy now, where memory is shared with others or short. Called
     * once in each turn. {@link Long#MAX_VALUE} if nothing but the configuration bounds it.
     */
    long capacityBytes();

    /** Makes the {@link #poll} under way, or if there is none the next one, return at once. Safe from any thread. */
    void wakeup();

    /** Closes every connection. Requests in flight get no outcome any more. */
    @Override
    void close();
}
