package dev.surefoot.core.exchange;

/**
 * The inputs of one turn of the loop, read once and passed down. Immutable.
 *
 * @param nowNanos the time of the turn, in nanoseconds of the loop's clock
 * @param epochMillis the wall-clock time in milliseconds since the epoch, used for resets by duration only
 * @param heldBytes the bytes of receive buffers that are not released yet
 * @param capacityBytes the most bytes of receive buffers to hold from now on, as memory may be shared with other
 *     consumers; {@code surefoot.buffer.bytes} is a further bound
 * @param applicationWaits whether the application has looked for records and found none since it last had any
 * @param lastPollNanos when the application last left poll, {@code nowNanos} while it is inside, {@link #NEVER_POLLED}
 *     before its first poll
 */
public record Turn(
        long nowNanos,
        long epochMillis,
        long heldBytes,
        long capacityBytes,
        boolean applicationWaits,
        long lastPollNanos) {
    /** The time of the last poll before there was one; earlier than any moment of the clock. */
    public static final long NEVER_POLLED = -1;

    /** A turn of a consumer whose polls do not matter, as it is in no group. */
    public Turn(long nowNanos, long epochMillis, long heldBytes, long capacityBytes, boolean applicationWaits) {
        this(nowNanos, epochMillis, heldBytes, capacityBytes, applicationWaits, NEVER_POLLED);
    }

    /** A turn in which only {@code surefoot.buffer.bytes} bounds the bytes to hold. */
    public Turn(long nowNanos, long epochMillis, long heldBytes, boolean applicationWaits) {
        this(nowNanos, epochMillis, heldBytes, Long.MAX_VALUE, applicationWaits);
    }
}
