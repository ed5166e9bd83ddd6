package dev.surefoot.testkit.simulation.check;

/** How an ownership ends. */
enum OwnershipEnd {
    /** The listener was told to give it up. */
    REVOKED,
    /** The listener was told that it is lost. */
    LOST,
    /** The process has closed its consumer, or has crashed. */
    GONE
}
