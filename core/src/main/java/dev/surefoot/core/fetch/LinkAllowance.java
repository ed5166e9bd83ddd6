package dev.surefoot.core.fetch;

/**
 * Bounds what one fetch asks a broker for, after an answer was larger than the link carries within the request's
 * timeout. The same fetch would fail again, and what had arrived would be carried again for nothing. Owned by the
 * loop's thread.
 */
public final class LinkAllowance {
    /** Smaller answers cost more in round trips than they gain. A broker sends a first batch whole anyway (KIP-74). */
    static final int LEAST_BYTES = 64 << 10;

    /** An answer that took less than one part in this many of the timeout lets the bound double. */
    private static final int QUICK_PART = 8;

    /** An answer that took less than one part in this many of the timeout lets the bound grow by a quarter. */
    private static final int IN_TIME_PART = 2;

    private static final int GROWTH_PART = 4;

    private static final long UNBOUNDED = Long.MAX_VALUE;

    private long bytes = UNBOUNDED;
    private int timeoutsInARow;

    LinkAllowance() {}

    /** The most bytes to ask for, of those that are granted. */
    int of(int granted) {
        return (int) Math.min(granted, bytes);
    }

    /** How many fetches in a row have timed out while their answers were arriving. */
    public int timeoutsInARow() {
        return timeoutsInARow;
    }

    /** The most bytes that the next fetch asks for; {@link Long#MAX_VALUE} without a bound. */
    public long bytes() {
        return bytes;
    }

    /**
     * Lowers the bound after a fetch has timed out: to half of what was asked for, and to half of what arrived in the
     * time, which is what the link carries.
     *
     * @param askedBytes what the fetch asked for
     * @param arrivedBytes how much of the answer had arrived; 0 says nothing about the link
     */
    void timedOut(int askedBytes, long arrivedBytes) {
        if (arrivedBytes > 0) {
            timeoutsInARow++;
            bytes = Math.max(LEAST_BYTES, Math.min(bytes, Math.min(askedBytes, arrivedBytes) / 2));
        }
    }

    /**
     * Raises the bound by degrees after an answer that used it and came well in time.
     *
     * @param answerBytes the size of the answer
     * @param tookNanos the time from the request to the answer
     * @param timeoutNanos the time that it may have taken
     */
    void answered(int answerBytes, long tookNanos, long timeoutNanos) {
        timeoutsInARow = 0;
        if (bytes != UNBOUNDED && answerBytes >= bytes / 2) {
            if (tookNanos <= timeoutNanos / QUICK_PART) {
                bytes = Math.min(Integer.MAX_VALUE, 2 * bytes);
            } else if (tookNanos <= timeoutNanos / IN_TIME_PART) {
                bytes = Math.min(Integer.MAX_VALUE, bytes + bytes / GROWTH_PART);
            }
        }
    }
}
