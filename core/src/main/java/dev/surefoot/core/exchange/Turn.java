package dev.surefoot.core.exchange;

/**
 * The moment of one turn of the loop, read once and passed down.
 *
 * @param nowNanos the clock
 * @param epochMillis wall-clock time in milliseconds since the epoch, for resets by duration only
 * @param heldBytes bytes of receive buffers that the application's side has not given back yet
 * @param capacityBytes the most bytes of receive buffers to hold from now on, where memory is shared with others or
 *     short; {@code surefoot.buffer.bytes} bounds it too
 * @param applicationWaits whether the application has looked for records and found none since it last had any
 */
public record Turn(long nowNanos, long epochMillis, long heldBytes, long capacityBytes, boolean applicationWaits) {

    /** A turn in which {@code surefoot.buffer.bytes} alone bounds what may be held. */
    public Turn(long nowNanos, long epochMillis, long heldBytes, boolean applicationWaits) {
        this(nowNanos, epochMillis, heldBytes, Long.MAX_VALUE, applicationWaits);
    }
}
