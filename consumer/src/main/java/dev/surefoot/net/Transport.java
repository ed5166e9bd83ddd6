package dev.surefoot.net;

import dev.surefoot.core.engine.BrokerLink;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.Collection;
import org.apache.kafka.common.Node;

/**
 * The way to the brokers and back, as the loop sees it. This is the seam at which a simulated cluster, a faulty network
 * or a museum piece takes the place of sockets: requests and answers cross it as values.
 *
 * <p>Everything but {@link #wakeup} and {@link #heldBytes} belongs to the loop's thread. The calling order in one turn
 * is {@link #brokers} if they changed, {@link #readiness} and {@link #send} as often as wanted, then one {@link #poll}.
 */
public interface Transport extends BrokerLink, AutoCloseable {

    /** Where the outcome of each request that was handed over ends, exactly once. */
    interface Outcomes {
        void answered(Request<?> request, Answer answer);

        void failed(Request<?> request, RequestFailure failure);
    }

    /**
     * Replaces the addresses of the brokers. Connections to brokers that are gone, or have moved, are closed and fail
     * what they had in flight, in the next {@link #poll}.
     */
    void brokers(Collection<Node> brokers);

    /**
     * Does what input and output there is to do, waiting for it no longer than {@code timeoutNanos}, and reports the
     * outcomes of requests. Returns early after {@link #wakeup}.
     */
    void poll(long timeoutNanos, Outcomes outcomes);

    /**
     * When the transport itself next has something to do (a request timing out, a back-off ending, a throttle lifted),
     * as a value of the clock, or {@link Long#MAX_VALUE}.
     */
    long nextDeadlineNanos();

    /**
     * Bytes of memory that fetched answers occupy and whose leases have not been released yet. Safe from any thread.
     */
    long heldBytes();

    /**
     * The most bytes that fetched answers are to occupy now, where memory is shared with others or short. Asked for
     * once in each turn. {@link Long#MAX_VALUE} if nothing but the configuration bounds it.
     */
    long capacityBytes();

    /** Makes the {@link #poll} under way, or else the next one, return at once. Safe from any thread. */
    void wakeup();

    /** Closes every connection. What was in flight has no outcome any more. */
    @Override
    void close();
}
