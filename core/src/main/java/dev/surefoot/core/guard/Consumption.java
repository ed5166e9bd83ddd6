package dev.surefoot.core.guard;

import dev.surefoot.core.guard.ApplicationView.Reading;

/** How far the application has read one partition, as looks have seen it. Owned by the loop's thread. */
final class Consumption {
    private long offset = -1;
    private long advances;
    private long advancedNanos = PartitionLedger.NEVER;
    private long records;
    private long barrenNanos = PartitionLedger.NEVER;

    /** Forgets the position, as the partition is read from another one. */
    void restart() {
        offset = -1;
        advances = 0;
        advancedNanos = PartitionLedger.NEVER;
        barrenNanos = PartitionLedger.NEVER;
    }

    /**
     * Takes note of a look; returns whether the application has read on since the last one.
     *
     * @param isPresent whether it reads from the present position, and not what was fetched before a reset
     */
    boolean look(Reading reading, boolean isPresent, long nowNanos) {
        offset = isPresent ? reading.offset() : offset;
        boolean advanced = reading.advances() > advances;
        if (advanced) {
            advances = reading.advances();
            advancedNanos = nowNanos;
            barrenNanos = barrenNanos == PartitionLedger.NEVER ? nowNanos : barrenNanos;
        }
        barrenNanos = reading.records() == records ? barrenNanos : PartitionLedger.NEVER;
        records = reading.records();
        return advanced;
    }

    /** Leaves out of all ages a time in which the process did not run. */
    void passOver(long nanos) {
        advancedNanos = LateTurns.later(advancedNanos, nanos);
        barrenNanos = LateTurns.later(barrenNanos, nanos);
    }

    /** The consumed position, or -1 if nothing is known of the application. */
    long offset() {
        return offset;
    }

    /** When the position moved last by reading, or {@link PartitionLedger#NEVER}. */
    long advancedNanos() {
        return advancedNanos;
    }

    /** Since when the application reads on without being given a record, or {@link PartitionLedger#NEVER}. */
    long barrenNanos() {
        return barrenNanos;
    }
}
