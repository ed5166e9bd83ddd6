package dev.surefoot.runtime;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics of how long brokers take to answer fetches, and how long they throttle this client. Recorded by the
 * loop's thread.
 */
final class FetchMeter {
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Quantity latency;
    private final Quantity throttle;

    FetchMeter(Metrics metrics, String group) {
        MetricScope client = MetricScope.ofClient(metrics);
        latency = new Quantity(metrics.config());
        throttle = new Quantity(metrics.config());
        client.add("fetch-latency-avg", group, "Average milliseconds until a fetch is answered", latency.avg());
        client.add("fetch-latency-max", group, "Most milliseconds until a fetch is answered", latency.max());
        client.add("fetch-rate", group, "Fetches answered per second", latency.countRate());
        client.add("fetch-total", group, "Fetches answered", latency.countTotal());
        client.add(
                "fetch-throttle-time-avg",
                group,
                "Average throttle time in the answers to fetches, in milliseconds",
                throttle.avg());
        client.add(
                "fetch-throttle-time-max",
                group,
                "Longest throttle time in the answers to fetches, in milliseconds",
                throttle.max());
    }

    void answered(long latencyNanos, int throttleMs, long nowMs) {
        latency.record(latencyNanos / NANOS_PER_MS, nowMs);
        throttle.record(throttleMs, nowMs);
    }
}
