package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import java.util.EnumSet;
import java.util.Set;

/**
 * A partition's position state, and the invalidation count from which on fetched data may be used. Owned by the loop's
 * thread.
 *
 * <p>Every state may follow every other: the application may seek at any time, and an answer of a broker may replace or
 * halt any position.
 */
final class CurrentPosition {
    private PositionState state;
    private long invalidatedAt;
    private final Set<Hold> holds;

    /** @param sequence the invalidation count, see {@link #isValidSince} */
    CurrentPosition(AssignmentStart start, long sequence) {
        this.state = start.state();
        this.holds = EnumSet.noneOf(Hold.class);
        this.holds.addAll(start.holds());
        this.invalidatedAt = sequence;
    }

    PositionState state() {
        return state;
    }

    /** Whether data of a request that was sent at the invalidation count {@code sequence} may still be used. */
    boolean isValidSince(long sequence) {
        return invalidatedAt <= sequence;
    }

    /** Enters a state. Data of requests sent before is not used. */
    void become(PositionState next, long sequence) {
        state = next;
        invalidatedAt = sequence;
    }

    /** Why the partition is not fetched, whatever its state; empty for one that may be. */
    Set<Hold> holds() {
        return holds;
    }

    /** Adds a reason not to fetch; returns whether it is new. */
    boolean hold(Hold reason) {
        return holds.add(reason);
    }

    /** Removes a reason not to fetch; the others stay. */
    void endHold(Hold reason) {
        holds.remove(reason);
    }

    /** Moves the position past data that was delivered. Data of the outstanding request stays usable. */
    void advance(FetchPosition next) {
        state = new PositionState.Fetching(next);
    }
}
