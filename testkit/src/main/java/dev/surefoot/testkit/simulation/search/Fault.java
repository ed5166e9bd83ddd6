package dev.surefoot.testkit.simulation.search;

/**
 * The kinds of events of which a search allows a limited number: first faults, then acts of an application, and the
 * guard's.
 */
public enum Fault {
    /** The wire refuses a fetch that was planned. */
    PLAN_DROPPED,
    /** The connection breaks before the broker has the request. */
    REQUEST_LOST,
    /** The connection breaks after the broker has answered. */
    ANSWER_LOST,
    /** The client times out. Its request reaches the broker, or is answered, after the client's next steps. */
    GIVEN_UP,
    /** The broker drops the session to make room for another. */
    EVICTION,
    /** The broker restarts: its sessions are gone, and so is the connection. */
    RESTART,
    /** The broker throttles a fetch and answers it without data (KIP-219). */
    THROTTLING,
    /** The broker has no slot for a new session, until a step frees one. */
    NO_SLOT,
    /** The broker loses a partition from a session without informing the client. */
    PARTITION_LOST,
    /** An answer has a partition that was not requested. */
    EXTRA_PARTITION,
    /** An answer lacks a partition that the broker has reported in it. */
    MISSING_PARTITION,
    /** An answer names another session. */
    WRONG_SESSION_ID,
    /** An answer has batches from below the fetch offset. */
    BATCHES_BELOW,
    /** A good answer is replaced by an error for the whole fetch. */
    REFUSAL,
    /** A partition answers with an error, until a step ends that. */
    PARTITION_ERROR,
    /** A partition gets another leader epoch. */
    ELECTION,
    /** The topic is deleted and created again, with another id and the same number of records. */
    RECREATION,
    /** Metadata has no topic ids, until a step ends that. */
    IDS_MISSING,
    /** The application seeks to the beginning. */
    SEEK,
    /** The application pauses a partition, until it resumes it. */
    PAUSE,
    /** The application closes the consumer. */
    CLOSE,
    /** The guard pulls a lever of the session, whether there is a reason or not. */
    LEVER
}
