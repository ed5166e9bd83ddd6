package dev.surefoot.runtime;

import org.apache.kafka.common.metrics.Metrics;

/** The metrics of how long the application waits for commits and for committed offsets. Recorded by its thread. */
final class CommitCallsMeter {
    private final Quantity commitSync;
    private final Quantity committed;

    CommitCallsMeter(Metrics metrics, String group) {
        MetricScope client = MetricScope.ofClient(metrics);
        commitSync = new Quantity(metrics.config());
        committed = new Quantity(metrics.config());
        client.add("commit-sync-time-ns-total", group, "Nanoseconds spent in commitSync in all", commitSync.total());
        client.add("committed-time-ns-total", group, "Nanoseconds spent in committed in all", committed.total());
    }

    /** @param nowMs milliseconds since the epoch */
    void commitSyncEnded(long durationNanos, long nowMs) {
        commitSync.record((double) durationNanos, nowMs);
    }

    /** @param nowMs milliseconds since the epoch */
    void committedEnded(long durationNanos, long nowMs) {
        committed.record((double) durationNanos, nowMs);
    }
}
