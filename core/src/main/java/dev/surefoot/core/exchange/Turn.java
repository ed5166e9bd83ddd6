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
 */
public record Turn(long nowNanos, long epochMillis, long heldBytes, long capacityBytes, boolean applicationWaits) {

    /** A turn in which only {@code surefoot.buffer.bytes} bounds the bytes to hold. */
    public Turn(long nowNanos, long epochMillis, long heldBytes, boolean applicationWaits) {
        this(nowNanos, epochMillis, heldBytes, Long.MAX_VALUE, applicationWaits);
    }
}
