package dev.surefoot.core.engine;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transport as the engine uses it. The outcomes of requests are passed to {@link Engine#answered} and {@link
 * Engine#failed}. Called on the loop's thread, within a turn.
 */
public interface BrokerLink {

    /** The node ids of the bootstrap brokers, all below 0. */
    List<Integer> bootstrapIds();

    /**
     * Whether a request of this purpose can be sent to this broker now. Starts to connect if there is no connection,
     * unless a back-off has to end first.
     */
    Readiness readiness(int nodeId, Purpose purpose, long nowNanos);

    /**
     * The condition of the connection to this broker for this purpose, or null if none was ever asked for, or the link
     * keeps none. Changes nothing, and does not connect.
     */
    default @Nullable LinkCondition condition(int nodeId, Purpose purpose, long nowNanos) {
        return null;
    }

    /**
     * Has the connection to this broker for this purpose closed by a reset, so that the next request opens another one,
     * to the next address of the broker. Requests under way fail, and the broker never reads those that it has not read
     * yet. Does nothing if there is no connection, or the link has none to close.
     */
    default void reconnect(int nodeId, Purpose purpose, long nowNanos) {}

    /**
     * Takes a request. Only a request for which this returns true has an outcome.
     *
     * @return false if the request was refused; no byte of it was or will be sent
     */
    boolean send(Request<?> request, long nowNanos);
}
