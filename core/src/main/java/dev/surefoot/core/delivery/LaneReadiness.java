package dev.surefoot.core.delivery;

/**
 * Whether a partition has a delivery for the application to read, or why not. If several values apply, the first one is
 * given.
 */
public enum LaneReadiness {
    /** The partition is about to leave the assignment: nothing of it is given any more. */
    WITHHELD,
    /** The application has paused the partition; its lane may have deliveries. */
    PAUSED,
    /** No delivery is left, and the position is being looked up. */
    UNPOSITIONED,
    /** All deliveries were read. */
    EMPTY,
    /** The next poll throws, and the partition is halted until the application seeks. */
    HALTED,
    /** The next poll throws once, and the partition is then read on. */
    FAILED,
    /** The last attempt to take the next record threw; the next poll tries it again. */
    RECORD_FAILED,
    /** Fetched data waits for the next poll. */
    READY
}
