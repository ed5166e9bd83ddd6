package dev.surefoot.core.position;

import org.jspecify.annotations.Nullable;

/** The lost positions of one partition. Owned by the loop's thread. */
final class PositionLosses {
    private @Nullable PositionLoss unreported;
    private int outOfRangeInARow;

    /** The position that was lost while another one is looked for, or null. */
    @Nullable PositionLoss unreported() {
        return unreported;
    }

    /** The number of positions that were out of range since a broker last served the partition. */
    int outOfRangeInARow() {
        return outOfRangeInARow;
    }

    /** Records a loss, to be reported when the next position is known. */
    void record(PositionLoss loss) {
        unreported = loss;
    }

    /** Records the loss of a position that was out of range. */
    void recordOutOfRange(PositionLoss loss) {
        outOfRangeInARow++;
        record(loss);
    }

    /** Removes the loss, after it was reported or the application has moved the position. */
    void clear() {
        unreported = null;
    }

    /** Ends the row of positions out of range, after a broker has served the partition. */
    void endRow() {
        outOfRangeInARow = 0;
    }
}
