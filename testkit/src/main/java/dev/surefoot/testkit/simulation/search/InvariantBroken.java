package dev.surefoot.testkit.simulation.search;

/** An invariant does not hold in a small world. */
public final class InvariantBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String invariant;

    /**
     * @param invariant the short name of the invariant, such as I11
     * @param detail what was observed, and what should have been
     */
    public InvariantBroken(String invariant, String detail) {
        super(invariant + ": " + detail);
        this.invariant = invariant;
    }

    public InvariantBroken(String invariant, String detail, Throwable cause) {
        super(invariant + ": " + detail, cause);
        this.invariant = invariant;
    }

    /** Returns the short name of the broken invariant. */
    public String invariant() {
        return invariant;
    }
}
