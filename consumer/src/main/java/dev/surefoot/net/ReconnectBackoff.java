package dev.surefoot.net;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A delay that doubles with each attempt up to a limit, and strays up to 20 % to either side, so that the clients of a broker
 * that comes back do not all knock at once (KIP-144). The same growth serves the time allowed for a connection attempt (KIP-601).
 */
final class ReconnectBackoff {
    private static final double JITTER = 0.2;

    private final long initialNanos;
    private final long maxNanos;
    private final SplittableRandom random;

    /** @param random the source of jitter; shared by all delays of one transport */
    ReconnectBackoff(long initialMs, long maxMs, SplittableRandom random) {
        this.initialNanos = TimeUnit.MILLISECONDS.toNanos(initialMs);
        this.maxNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(initialMs, maxMs));
        this.random = random;
    }

    /** @param failures how many attempts have failed in a row before this one, 0 or more */
    long nanos(int failures) {
        double grown = Math.min((double) initialNanos * Math.pow(2, failures), (double) maxNanos);
        double factor = 1 - JITTER + random.nextDouble() * 2 * JITTER;
        return (long) (grown * factor);
    }
}
