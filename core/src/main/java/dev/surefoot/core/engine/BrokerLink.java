package dev.surefoot.core.engine;

import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import java.util.List;

/**
 * What the engine needs of a transport: to know whether a broker can be sent something, and to hand
 * requests over. Outcomes come back through {@link Engine#answered} and {@link Engine#failed}. Called on
 * the loop's thread, within a turn.
 */
public interface BrokerLink {

    /** The ids of the bootstrap brokers, all below zero. */
    List<Integer> bootstrapIds();

    /**
     * Says whether a request of this purpose can be handed over to this broker, and starts to connect when there is no
     * connection and no back-off is due.
     */
    Readiness readiness(int nodeId, Purpose purpose, long nowNanos);

    /**
     * Hands a request to the wire. Only a request for which this returns true has an outcome.
     *
     * @return false if the request was refused; nothing of it has left and nothing will
     */
    boolean send(Request<?> request, long nowNanos);
}
