package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;

/**
 * A partition's position state, and from when on data that was asked for may be used. Owned by the loop's thread.
 *
 * <p>Every state may follow every other: the application may seek at any time, and a broker's word may replace or halt
 * any position.
 */
final class CurrentPosition {
    private PositionState state;
    private long invalidatedAt;

    /** @param sequence the count of invalidations, see {@link #isValidSince} */
    CurrentPosition(PositionState state, long sequence) {
        this.state = state;
        this.invalidatedAt = sequence;
    }

    PositionState state() {
        return state;
    }

    /** Whether data asked for when the count of invalidations stood at {@code sequence} may still be used. */
    boolean isValidSince(long sequence) {
        return invalidatedAt <= sequence;
    }

    /** Enters a state; data that was asked for before is not used. */
    void become(PositionState next, long sequence) {
        state = next;
        invalidatedAt = sequence;
    }

    /** Moves behind data that was just taken over; the data after it stays usable. */
    void advance(FetchPosition next) {
        state = new PositionState.Fetching(next);
    }
}
