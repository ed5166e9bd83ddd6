package dev.surefoot.testkit.simulation.coordinator;

/** The immutable state of a group as the coordinator has written it down: what is left after it was moved. */
interface StoredGroup {
    /** Loads the group at a new coordinator: its timers start anew. */
    Group load(GroupContext context, long nowMs);
}
