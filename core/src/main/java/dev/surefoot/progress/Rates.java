package dev.surefoot.progress;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast a partition grows and is read, in offsets per second, as averages that forget exponentially.
 *
 * @param inPerSecond10s how fast the end of what may be read moves, over about 10 seconds
 * @param outPerSecond10s how fast the application reads, over about 10 seconds
 * @param inPerSecond300s as {@code inPerSecond10s}, over about 5 minutes
 * @param outPerSecond300s as {@code outPerSecond10s}, over about 5 minutes
 * @param caughtUpIn when the lag ends at these rates; empty if never, or if the lag is not known
 */
public record Rates(
        double inPerSecond10s,
        double outPerSecond10s,
        double inPerSecond300s,
        double outPerSecond300s,
        Optional<Duration> caughtUpIn) {
    /** Nothing moves. */
    public static final Rates NONE = new Rates(0, 0, 0, 0, Optional.empty());
}
