package dev.surefoot.core.guard;

import java.time.Duration;

/**
 * What the guard needs of the configuration.
 *
 * @param maxPartitionBytes {@code max.partition.fetch.bytes}
 * @param readCommitted whether {@code isolation.level} is {@code read_committed}
 * @param inGroup whether the consumer has a {@code group.id}
 * @param recovery how far the guard goes to mend what it finds
 */
public record GuardSettings(
        Timing timing, int maxPartitionBytes, boolean readCommitted, boolean inGroup, RecoveryLevel recovery) {
    /**
     * The times.
     *
     * @param patienceNanos nanoseconds without progress after which a cause that may pass by itself counts as a stall
     *     ({@code surefoot.stall.patience.ms})
     * @param auditNanos nanoseconds for which a broker may be silent about a partition of a live session ({@code
     *     surefoot.session.audit.interval.ms})
     * @param fetchWaitNanos nanoseconds for which a broker holds a fetch back ({@code fetch.max.wait.ms})
     * @param maxPollIntervalNanos nanoseconds that a member may be out of poll ({@code max.poll.interval.ms})
     */
    public record Timing(long patienceNanos, long auditNanos, long fetchWaitNanos, long maxPollIntervalNanos) {
        /** What an answer may take, in nanoseconds, beyond the time for which the broker holds a fetch back. */
        static final long ANSWER_NANOS = Duration.ofSeconds(5).toNanos();

        /** What a consumer does whose configuration names no key. */
        public static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(20).toNanos(),
                Duration.ofMinutes(1).toNanos(),
                Duration.ofMillis(500).toNanos(),
                Duration.ofMinutes(5).toNanos());

        /** What an exchange of a fetch may take, in nanoseconds, before the session or the link counts as silent. */
        long exchangeNanos() {
            return ANSWER_NANOS + 2 * fetchWaitNanos;
        }
    }
}
