package dev.surefoot.core.group;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer takes part in a group. Times in nanoseconds but where the name says milliseconds, as the protocol has
 * those.
 *
 * @param groupId the {@code group.id}
 * @param instanceId the {@code group.instance.id}, or null
 * @param rackId the {@code client.rack}, or null
 * @param protocol the {@code group.protocol}
 * @param timing what is due when
 * @param assignors the names of {@code partition.assignment.strategy}, in the order of preference; empty in the
 *     consumer protocol
 * @param cooperative whether partitions are given up one by one (KIP-429); otherwise all before each join
 * @param remoteAssignor the {@code group.remote.assignor}, or null
 * @param stopsAtLapse whether delivery stops when the lease of the membership has lapsed
 */
public record GroupSettings(
        String groupId,
        @Nullable String instanceId,
        @Nullable String rackId,
        Protocol protocol,
        Timing timing,
        List<String> assignors,
        boolean cooperative,
        @Nullable String remoteAssignor,
        boolean stopsAtLapse) {

    /** The {@code group.protocol}. */
    public enum Protocol {
        CLASSIC,
        CONSUMER
    }

    /**
     * What is due when, in milliseconds or nanoseconds as the names say.
     *
     * @param sessionTimeoutMs the {@code session.timeout.ms}; in the consumer protocol only for the lapse of the lease
     * @param heartbeatIntervalMs the {@code heartbeat.interval.ms} (classic protocol)
     * @param maxPollIntervalMs the {@code max.poll.interval.ms}, which is the rebalance timeout too
     * @param requestTimeoutNanos the {@code request.timeout.ms}
     * @param retryBackoffNanos the {@code retry.backoff.ms}
     * @param retryBackoffMaxNanos the {@code retry.backoff.max.ms}
     */
    public record Timing(
            int sessionTimeoutMs,
            int heartbeatIntervalMs,
            int maxPollIntervalMs,
            long requestTimeoutNanos,
            long retryBackoffNanos,
            long retryBackoffMaxNanos) {

        /** {@link #maxPollIntervalMs} in nanoseconds. */
        public long maxPollIntervalNanos() {
            return Duration.ofMillis(maxPollIntervalMs).toNanos();
        }

        long sessionTimeoutNanos() {
            return Duration.ofMillis(sessionTimeoutMs).toNanos();
        }
    }
}
