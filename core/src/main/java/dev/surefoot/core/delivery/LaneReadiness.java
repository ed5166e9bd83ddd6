package dev.surefoot.core.delivery;

/**
 * Whether a partition has something for the application to read, or why not. If more than one applies, it is the first
 * of them.
 */
public enum LaneReadiness {
    /** The application has paused the partition, whatever lies in its lane. */
    PAUSED,
    /** Nothing has arrived, not even a position: it is being looked up. */
    UNPOSITIONED,
    /** Everything that has arrived was read. */
    EMPTY,
    /** The next poll throws, and the partition stands still until the application seeks. */
    HALTED,
    /** The next poll throws once, and the partition goes on by itself. */
    FAILED,
    /** The last attempt to take the next record threw; the next poll tries it again. */
    RECORD_FAILED,
    /** Fetched data waits for the next poll. */
    READY
}
