package dev.surefoot.testkit.simulation.search;

/** Thrown by a world in which something happened that must never happen. */
public final class InvariantBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String invariant;

    /**
     * @param invariant the short name of what was broken, such as I11
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

    /** The short name of what was broken. */
    public String invariant() {
        return invariant;
    }
}
