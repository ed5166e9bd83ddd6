package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;

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

    /** @param sequence the invalidation count, see {@link #isValidSince} */
    CurrentPosition(PositionState state, long sequence) {
        this.state = state;
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

    /** Moves the position past data that was delivered. Data of the outstanding request stays usable. */
    void advance(FetchPosition next) {
        state = new PositionState.Fetching(next);
    }
}
