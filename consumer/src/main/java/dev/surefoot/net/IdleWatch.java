package dev.surefoot.net;

import dev.surefoot.core.time.Deadline;
import java.util.concurrent.TimeUnit;

/**
 * Decides when an unused connection is closed ({@code connections.max.idle.ms}). Kafka's selector would close a
 * connection on which a broker holds back an answer, since it does not know of requests in flight. Owned by the loop's
 * thread.
 */
final class IdleWatch {
    /**
     * The least idle time: a connection that is ready stays so for a few turns of the loop, so that the request that it
     * was opened for can be sent.
     */
    private static final long LEAST_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long maxIdleNanos;
    private long unusedSinceNanos;

    /** @param maxIdleNanos {@link Deadline#NEVER} for no limit */
    IdleWatch(long maxIdleNanos) {
        this.maxIdleNanos = maxIdleNanos;
    }

    /** @param maxIdleMs {@code connections.max.idle.ms}; negative for no limit, as for Kafka's selector */
    static long nanos(long maxIdleMs) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(maxIdleMs);
        // Half the range of the clock: a larger limit would overflow the arithmetic of deadlines.
        return maxIdleMs < 0 || nanos > Long.MAX_VALUE / 2 ? Deadline.NEVER : Math.max(LEAST_IDLE_NANOS, nanos);
    }

    void used(long nowNanos) {
        unusedSinceNanos = nowNanos;
    }

    /** Returns when the connection has been unused for long enough, if nothing is sent before. */
    long deadlineNanos() {
        return maxIdleNanos == Deadline.NEVER ? Deadline.NEVER : unusedSinceNanos + maxIdleNanos;
    }
}
