package dev.surefoot.runtime;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;

/**
 * Statistics of one quantity, which are recorded together under one lock and may be registered under several names. A
 * sensor of Kafka's has one name for each statistic; each further set of tags would need a recording of its own. Safe
 * from any thread.
 */
final class Quantity {
    private final MetricConfig config;
    private final List<MeasurableStat> stats = new ArrayList<>(4);

    Quantity(MetricConfig config) {
        this.config = config;
    }

    /** Adds a statistic. Called before the first recording. */
    synchronized Measurable with(MeasurableStat stat) {
        stats.add(stat);
        return (metricConfig, nowMs) -> {
            synchronized (this) {
                return stat.measure(metricConfig, nowMs);
            }
        };
    }

    /** @param nowMs milliseconds since the epoch */
    synchronized void record(double value, long nowMs) {
        for (int i = 0; i < stats.size(); i++) {
            stats.get(i).record(config, value, nowMs);
        }
    }
}
