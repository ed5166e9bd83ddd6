package dev.surefoot.core.exchange;

/**
 * A part of the core that has requests to send. The engine asks its requesters in a fixed order in each turn. Called on
 * the loop's thread.
 */
public interface Requester {
    /** Hands over every request that is due and can be sent. */
    void dispatch(Outbox outbox, Turn turn);

    /**
     * Enters when this requester is next due by time alone. Called after all requesters were dispatched in the
     * turn: what was due then and could not be sent waits for its broker and has no deadline here, as the link
     * knows when that broker is ready.
     */
    void enterDeadlines(Deadlines deadlines, long nowNanos);
}
