package dev.surefoot.core.position;

import org.jspecify.annotations.Nullable;

/** The positions that brokers' words have put an end to. Owned by the loop's thread. */
final class PositionLosses {
    private @Nullable PositionLoss unreported;
    private int outOfRangeInARow;

    /** The position that was lost while another one is looked for, or null. */
    @Nullable PositionLoss unreported() {
        return unreported;
    }

    /** How many positions in a row were out of range without anything being served in between. */
    int outOfRangeInARow() {
        return outOfRangeInARow;
    }

    /** Notes a loss, to be reported when it is known where reading goes on. */
    void record(PositionLoss loss) {
        unreported = loss;
    }

    /** Notes a loss because the position was out of range. */
    void recordOutOfRange(PositionLoss loss) {
        outOfRangeInARow++;
        record(loss);
    }

    /** The loss is reported, or the application has moved the position, which makes it none. */
    void clear() {
        unreported = null;
    }

    /** Something was served. */
    void endRow() {
        outOfRangeInARow = 0;
    }
}
