package dev.surefoot.core.position;

import java.util.EnumSet;
import java.util.Set;

/**
 * How new partitions of an assignment begin. Immutable.
 *
 * @param state the state of their position
 * @param holds why they are not fetched at first
 */
public record AssignmentStart(PositionState state, Set<Hold> holds) {
    public AssignmentStart {
        holds = Set.copyOf(holds);
    }

    /** Each looks up the offset that the strategy finds. */
    public static AssignmentStart byReset(ResetStrategy strategy) {
        return new AssignmentStart(new PositionState.Resetting(strategy), Set.of());
    }

    /** Each looks up the committed offset of the group, which the consumer is no member of. */
    public static AssignmentStart byCommittedOffset() {
        return new AssignmentStart(new PositionState.Unplaced(), Set.of());
    }

    /** Each looks up the committed offset of the group, and is not fetched before the application has taken it. */
    public static AssignmentStart inGroup() {
        return new AssignmentStart(new PositionState.Unplaced(), EnumSet.of(Hold.NOT_TAKEN));
    }
}
