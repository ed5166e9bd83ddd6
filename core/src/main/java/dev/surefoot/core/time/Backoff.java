package dev.surefoot.core.time;

import java.util.SplittableRandom;

/**
 * Delays that double with each failure in a row, up to a bound (KIP-144, KIP-580). Jitter changes each by up to a
 * fifth, so that clients that failed together do not retry together. Owned by one thread.
 */
public final class Backoff {
    private static final double JITTER = 0.2;

    private final long initialNanos;
    private final long maxNanos;
    private final SplittableRandom random;

    /**
     * @param initialNanos the delay after the first failure in nanoseconds, before jitter
     * @param maxNanos the longest delay in nanoseconds, before jitter; raised to {@code initialNanos} if it is less
     * @param random the source of the jitter; the same seed gives the same delays
     */
    public Backoff(long initialNanos, long maxNanos, SplittableRandom random) {
        this.initialNanos = initialNanos;
        this.maxNanos = Math.max(initialNanos, maxNanos);
        this.random = random;
    }

    /**
     * The next delay, with new jitter in each call.
     *
     * @param failures the number of failures in a row, 1 or more
     * @return nanoseconds, 0 or more
     */
    public long delayNanos(int failures) {
        if (initialNanos == 0) {
            return 0;
        }
        double grown = initialNanos * Math.pow(2, Math.min(failures, 60) - 1);
        double bounded = Math.min(grown, (double) maxNanos);
        return (long) (bounded * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    }
}
