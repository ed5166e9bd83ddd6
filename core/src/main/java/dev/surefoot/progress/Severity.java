package dev.surefoot.progress;

/** How much a {@link StallCause} matters at its present age, the least first. */
public enum Severity {
    /** No stall. */
    FINE,
    /** No progress for a reason that is known, and that is expected to pass or is intended. */
    WAITING,
    /** No progress for longer than the cause may take. */
    STALLED,
    /** The application or a person has to act; waiting does not help. */
    FAILED
}
