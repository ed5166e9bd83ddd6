package dev.surefoot.net;

import dev.surefoot.core.time.Deadline;
import java.util.concurrent.TimeUnit;

/**
 * When a connection that nobody uses is closed ({@code connections.max.idle.ms}). Kafka's selector would watch this by
 * itself, but it knows nothing of answers that are awaited, and would close a connection on which a broker holds a
 * fetch back. Belongs to the loop's thread.
 */
final class IdleWatch {
    /**
     * A connection that is ready stays so for a few turns, whatever is configured: whoever asked for it has to get to
     * use it.
     */
    private static final long LEAST_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long maxIdleNanos;
    private long unusedSinceNanos;

    /** @param maxIdleNanos {@link Deadline#NEVER} for no limit */
    IdleWatch(long maxIdleNanos) {
        this.maxIdleNanos = maxIdleNanos;
    }

    /** @param maxIdleMs {@code connections.max.idle.ms}; below zero for no limit, as for Kafka's selector */
    static long nanos(long maxIdleMs) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(maxIdleMs);
        // Half the range of the clock: a larger limit would overflow the arithmetic of deadlines.
        return maxIdleMs < 0 || nanos > Long.MAX_VALUE / 2 ? Deadline.NEVER : Math.max(LEAST_IDLE_NANOS, nanos);
    }

    void used(long nowNanos) {
        unusedSinceNanos = nowNanos;
    }

    /** When the connection has been unused for long enough, if nothing is in flight from now on. */
    long deadlineNanos() {
        return maxIdleNanos == Deadline.NEVER ? Deadline.NEVER : unusedSinceNanos + maxIdleNanos;
    }
}
