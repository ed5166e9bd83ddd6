package dev.surefoot.testkit.simulation.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * A classic group at this moment.
 *
 * @param generation of the newest generation that began
 * @param leader the member that leads, or null while there is none
 */
public record ClassicGroupView(
        ClassicState state, int generation, @Nullable String leader) {}
