package dev.surefoot.bench.latency;

import java.util.concurrent.TimeUnit;

/**
 * When each record is due. The times are fixed beforehand (an open loop): a client that falls behind cannot slow down
 * the producer and so hide its delay (coordinated omission).
 *
 * @param startNanos when the first record is due, as a value of {@link System#nanoTime}
 * @param ratePerSecond records per second, 1 or more
 */
record SendSchedule(long startNanos, int ratePerSecond) {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /**
     * Returns when the record with this index is due. It is not a sum of rounded intervals, whose errors would add up.
     */
    long dueNanos(long index) {
        long wholeSeconds = index / ratePerSecond;
        long rest = index % ratePerSecond;
        return startNanos + wholeSeconds * SECOND + rest * SECOND / ratePerSecond;
    }

    /** Returns the number of records that are due in the first {@code seconds}. */
    long recordsIn(int seconds) {
        return (long) ratePerSecond * seconds;
    }
}
