package dev.surefoot.core.position;

/** Why an assigned partition of a group is not fetched, whatever its position. */
public enum Hold {
    /** The application is about to give it up, or has lost it. This ends with its assignment only. */
    REVOKED,
    /** The application was not told yet that it owns the partition, or its listener has not returned. */
    NOT_TAKEN
}
