package dev.surefoot.core.exchange;

import java.util.List;

/** Sends requests in one turn of the loop. Valid in that turn only, on the loop's thread. */
public interface Outbox {
    /** The node ids of the bootstrap brokers, all below 0. */
    List<Integer> bootstrapIds();

    /**
     * Whether a request of this purpose can be sent to this broker now. Starts to connect if there is no connection.
     */
    Readiness readiness(int nodeId, Purpose purpose);

    /**
     * Has the connection to this broker for this purpose closed, if there is one. What is under way on it fails in a
     * later input of the engine, and a broker that has not read it yet never will. The next request opens another one.
     */
    void reconnect(int nodeId, Purpose purpose);

    /**
     * Hands a request to the transport. The reply gets the outcome exactly once, in a later input of the engine.
     *
     * @return false if the request was refused; it then has no effect, and its reply is not called
     */
    <A extends Answer> boolean send(Request<A> request, Reply<A> reply);
}
