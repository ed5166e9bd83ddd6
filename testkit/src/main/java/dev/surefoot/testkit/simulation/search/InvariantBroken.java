package dev.surefoot.testkit.simulation.search;

/** An invariant does not hold in a small world. */
public final class InvariantBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String invariant;

    /**
     * @param invariant the short name of the invariant, such as I11
     * @param detail what was seen, and what should have been
     */
    public InvariantBroken(String invariant, String detail) {
        super(invariant + ": " + detail);
        this.invariant = invariant;
    }

    InvariantBroken(String invariant, String detail, Throwable cause) {
        super(invariant + ": " + detail, cause);
        this.invariant = invariant;
    }

    /** The short name of the invariant that is broken. */
    public String invariant() {
        return invariant;
    }
}
