package dev.surefoot.core.exchange;

/**
 * A part of the core that sends requests. In each turn the engine calls {@link #dispatch} of all requesters in a fixed
 * order, then {@link #enterDeadlines} of all. Called on the loop's thread.
 */
public interface Requester {
    /** Sends every request that is due and can be sent. */
    void dispatch(Outbox outbox, Turn turn);

    /**
     * Enters the times at which this requester is next due. A request that was due in this turn and could not be sent
     * has no deadline here: it waits for its broker, and the link has a turn made when that is ready.
     */
    void enterDeadlines(Deadlines deadlines, long nowNanos);
}
