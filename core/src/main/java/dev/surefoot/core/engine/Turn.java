package dev.surefoot.core.engine;

/**
 * The moment of one turn of the loop, read once and passed down.
 *
 * @param nowNanos the clock
 * @param epochMillis wall-clock time in milliseconds since the epoch, for resets by duration only
 * @param heldBytes bytes of receive buffers that the application's side has not given back yet
 * @param applicationWaits whether the application has looked for records and found none since it last had any
 */
public record Turn(long nowNanos, long epochMillis, long heldBytes, boolean applicationWaits) {}
