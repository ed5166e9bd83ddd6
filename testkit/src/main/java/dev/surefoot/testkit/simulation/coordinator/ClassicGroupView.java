package dev.surefoot.testkit.simulation.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * A classic group at this moment.
 *
 * @param generation of the newest generation that began
 * @param leader the member that leads, or null while there is none
 * @param awaitsSyncs whether SyncGroup of an id is missing; if it is still missing at the rebalance timeout, another
 *     rebalance begins, also if the id was replaced by that of a returned static member
 */
public record ClassicGroupView(
        ClassicState state, int generation, @Nullable String leader, boolean awaitsSyncs) {}
