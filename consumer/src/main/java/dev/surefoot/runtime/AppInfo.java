package dev.surefoot.runtime;

import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;

/** The metrics with the release of Surefoot, read from its jar, and the time when the consumer was made. */
final class AppInfo {
    private static final String GROUP = "app-info";
    private static final String UNKNOWN = "unknown";

    private AppInfo() {}

    static void register(Metrics metrics, long startMs) {
        MetricScope client = MetricScope.ofClient(metrics);
        String version = AppInfo.class.getPackage().getImplementationVersion();
        Gauge<String> release = (config, nowMs) -> version == null ? UNKNOWN : version;
        Gauge<String> commit = (config, nowMs) -> UNKNOWN;
        Gauge<Long> start = (config, nowMs) -> startMs;
        client.add("version", GROUP, "The release of Surefoot", release);
        client.add("commit-id", GROUP, "The commit that the release was built from", commit);
        client.add("start-time-ms", GROUP, "When the consumer was made, in milliseconds since the epoch", start);
    }
}
