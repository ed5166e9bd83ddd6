package dev.surefoot.testkit.simulation.coordinator;

/** How far a member of a KIP-848 group has come on its way to its target assignment. */
public enum MemberState {
    /** It has what the target of its epoch gives it. */
    STABLE,
    /** It has to give up partitions, and has not yet said that it did. Its epoch stays until then. */
    UNREVOKED,
    /** It waits for partitions that other members still hold. */
    UNRELEASED
}
