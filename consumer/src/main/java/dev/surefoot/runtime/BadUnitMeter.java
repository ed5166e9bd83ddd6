package dev.surefoot.runtime;

import dev.surefoot.core.delivery.UnreadableUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;

/**
 * Counts what was passed over, by partition and reason. A metric is registered with its first unit, and stays: most
 * consumers have none. Owned by the application's thread; the metrics are read by any.
 */
final class BadUnitMeter {
    /** The group of the metrics about progress. */
    static final String GROUP = "surefoot-progress-metrics";

    private final Metrics metrics;
    private final Map<Map<String, String>, Counts> counts = new HashMap<>();

    private record Counts(AtomicLong units, AtomicLong offsets) {}

    BadUnitMeter(Metrics metrics) {
        this.metrics = metrics;
    }

    void passed(UnreadableUnit unit) {
        Counts of = counts.computeIfAbsent(tags(unit), this::register);
        of.units.incrementAndGet();
        of.offsets.addAndGet(unit.toOffset() - unit.fromOffset() + 1);
    }

    private static Map<String, String> tags(UnreadableUnit unit) {
        TopicPartition partition = unit.partition();
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("topic", partition.topic());
        tags.put("partition", Integer.toString(partition.partition()));
        tags.put("reason", unit.reason().name());
        return tags;
    }

    private Counts register(Map<String, String> tags) {
        Counts added = new Counts(new AtomicLong(), new AtomicLong());
        register("bad-units-total", "bad records and batches that were passed over", tags, added.units);
        register("bad-offsets-total", "offsets of bad records and batches that were passed over", tags, added.offsets);
        return added;
    }

    private void register(String name, String description, Map<String, String> tags, AtomicLong count) {
        MetricName metric = metrics.metricName(name, GROUP, description, tags);
        metrics.addMetricIfAbsent(metric, null, (Gauge<Double>) (config, now) -> count.doubleValue());
    }
}
