package dev.surefoot.testkit.simulation.check;

/**
 * A property does not hold. It is thrown where that is detected, which ends the run.
 *
 * <p>The property is an invariant of {@code docs/sessions.md} ({@code I1} to {@code I32}), one of groups ({@code G1} to
 * {@code G41}), or one of {@code D1} (each
 * record once and in order), {@code D2} (committed records only), {@code D3} (no more in a poll than is allowed, and
 * nothing of paused partitions), {@code M1} (memory within its bound), {@code L1} (everything is read once the faults
 * end), {@code L2} (promptly, as long as no fault is active), {@code L3} (from the leader again, when no replica is
 * preferred any more), {@code X1} (no exception without a reason).
 */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String property;

    /**
     * @param property the number of the property, such as {@code I12}
     * @param what what was observed, and what should have been
     */
    public Violation(String property, String what) {
        super(property + ": " + what);
        this.property = property;
    }

    /**
     * @param property the number of the property, such as {@code I12}
     * @param what what was observed, and what should have been
     * @param cause the exception that showed it
     */
    public Violation(String property, String what, Throwable cause) {
        super(property + ": " + what, cause);
        this.property = property;
    }

    /** Returns the number of the broken property. */
    public String property() {
        return property;
    }
}
