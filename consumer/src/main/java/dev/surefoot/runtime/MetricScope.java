package dev.surefoot.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics of one client, topic or partition. They carry its tags beside the client's id. Each metric of a topic
 * with dots in its name is registered twice, as in Kafka's own consumer since 4.1: under its name, and under the name
 * with underscores that all earlier releases used (KIP-1109).
 */
final class MetricScope {
    private final Metrics metrics;
    private final Map<String, String> tags;
    /** The tags of the second name, or the same as the first. */
    private final Map<String, String> underscoredTags;

    private final List<KafkaMetric> registered = new ArrayList<>();

    private MetricScope(Metrics metrics, Map<String, String> tags, Map<String, String> underscoredTags) {
        this.metrics = metrics;
        this.tags = tags;
        this.underscoredTags = underscoredTags;
    }

    static MetricScope ofClient(Metrics metrics) {
        return new MetricScope(metrics, Map.of(), Map.of());
    }

    /** One more tag, whose value has no dots. */
    static MetricScope ofTag(Metrics metrics, String tag, String value) {
        Map<String, String> tags = Map.of(tag, value);
        return new MetricScope(metrics, tags, tags);
    }

    static MetricScope ofTopic(Metrics metrics, String topic) {
        return new MetricScope(metrics, Map.of("topic", topic), Map.of("topic", underscored(topic)));
    }

    static MetricScope ofPartition(Metrics metrics, TopicPartition partition) {
        return new MetricScope(
                metrics,
                partitionTags(partition.topic(), partition.partition()),
                partitionTags(underscored(partition.topic()), partition.partition()));
    }

    private static Map<String, String> partitionTags(String topic, int partition) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("topic", topic);
        tags.put("partition", Integer.toString(partition));
        return tags;
    }

    private static String underscored(String topic) {
        return topic.replace('.', '_');
    }

    /**
     * Registers a metric. It replaces a metric that another scope has registered under the same name with underscores.
     */
    void add(String name, String group, String description, MetricValueProvider<?> value) {
        MetricName metricName = metrics.metricName(name, group, description, tags);
        metrics.removeMetric(metricName);
        register(metricName, value);
        if (!underscoredTags.equals(tags)) {
            MetricName second = metrics.metricName(name, group, description, underscoredTags);
            if (metrics.metric(second) == null) {
                register(second, value);
            }
        }
    }

    private void register(MetricName name, MetricValueProvider<?> value) {
        registered.add(metrics.addMetricIfAbsent(name, null, value));
    }

    /** Removes the metrics that this scope has registered. */
    @SuppressWarnings("ReferenceEquality") // a metric of the same name may be another scope's by now
    void close() {
        for (KafkaMetric metric : registered) {
            if (metrics.metric(metric.metricName()) == metric) {
                metrics.removeMetric(metric.metricName());
            }
        }
        registered.clear();
    }
}
