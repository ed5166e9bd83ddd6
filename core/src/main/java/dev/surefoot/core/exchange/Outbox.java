package dev.surefoot.core.exchange;

import java.util.List;

/** The way out for requests in one turn of the loop. */
public interface Outbox {
    /** The ids of the bootstrap brokers, all below zero. */
    List<Integer> bootstrapIds();

    /**
     * Whether a request of this purpose can be handed over to this broker now; starts to connect if there is no
     * connection.
     */
    Readiness readiness(int nodeId, Purpose purpose);

    /**
     * Hands a request to the wire. The reply hears of its outcome exactly once, in a later input.
     *
     * @return false if the request was refused; neither it nor its reply leaves a trace
     */
    <A extends Answer> boolean send(Request<A> request, Reply<A> reply);
}
