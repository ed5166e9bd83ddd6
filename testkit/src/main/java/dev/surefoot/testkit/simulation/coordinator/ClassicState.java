package dev.surefoot.testkit.simulation.coordinator;

/** Where a classic group stands in its rebalance. */
public enum ClassicState {
    /** No members. */
    EMPTY,
    /** Waits for the members to join. */
    PREPARING,
    /** Waits for the leader's assignment. */
    COMPLETING,
    /** Every member may have its assignment. */
    STABLE,
    /** The coordinator no longer keeps this group. */
    DEAD;

    /** Whether a group may go from this state to that one. */
    boolean mayBecome(ClassicState next) {
        return switch (next) {
            case EMPTY, COMPLETING -> this == PREPARING;
            case PREPARING -> this == EMPTY || this == COMPLETING || this == STABLE;
            case STABLE -> this == COMPLETING;
            case DEAD -> true;
        };
    }
}
