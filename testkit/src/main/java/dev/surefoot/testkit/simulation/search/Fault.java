package dev.surefoot.testkit.simulation.search;

/**
 * The kinds of events of which a search allows only so many. The first are what goes wrong, the last
 * what an application does.
 */
public enum Fault {
    /** A fetch is planned and the wire does not take it. */
    PLAN_DROPPED,
    /** The connection breaks before the broker has the request. */
    REQUEST_LOST,
    /** The connection breaks after the broker has answered. */
    ANSWER_LOST,
    /** The client waits no longer; its request reaches the broker, or is answered, after what the client does next. */
    GIVEN_UP,
    /** The broker drops the session to make room for another. */
    EVICTION,
    /** The broker restarts: its sessions are gone, and so is the connection. */
    RESTART,
    /** The broker answers a fetch as over quota, with nothing in it (KIP-219). */
    THROTTLING,
    /** The broker has no slot for a new session, until there is one again. */
    NO_SLOT,
    /** The broker loses a partition from a session and tells nobody. */
    PARTITION_LOST,
    /** An answer has a partition that was never asked for. */
    EXTRA_PARTITION,
    /** An answer lacks a partition that the broker has reported in it. */
    MISSING_PARTITION,
    /** An answer names another session. */
    WRONG_SESSION_ID,
    /** An answer has batches from before the offset that was asked for. */
    BATCHES_BELOW,
    /** A good answer is replaced by an error for the whole fetch. */
    REFUSAL,
    /** A partition cannot be read, until it can. */
    PARTITION_ERROR,
    /** A partition gets another leader epoch. */
    ELECTION,
    /** The topic is deleted and created again, with another id and the same number of records. */
    RECREATION,
    /** Metadata stops to name topic ids, until it does again. */
    IDS_MISSING,
    /** The application seeks to the beginning. */
    SEEK,
    /** The application pauses a partition, until it resumes it. */
    PAUSE,
    /** The application closes the consumer. */
    CLOSE
}
