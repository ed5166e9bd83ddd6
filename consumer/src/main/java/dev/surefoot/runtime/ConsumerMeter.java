package dev.surefoot.runtime;

import dev.surefoot.core.fetch.FetchTally;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Meter;

/**
 * The metrics of one consumer. Those that Kafka's own consumer has too carry its names and group; those of fetch sessions are in
 * a group of their own. Recorded by the application's thread, read by any.
 */
public final class ConsumerMeter {
    /** The group that Kafka's consumer keeps its fetch metrics in. */
    public static final String FETCH_GROUP = "consumer-fetch-manager-metrics";

    /** The group of what only Surefoot measures. */
    public static final String SESSION_GROUP = "surefoot-fetch-session-metrics";

    private final Metrics metrics;
    private final Map<String, String> tags;
    private final Sensor records;
    private final Sensor bytes;
    private final Map<TopicPartition, Long> lags = new ConcurrentHashMap<>();
    private final Map<TopicPartition, MetricName> lagNames = new HashMap<>();

    /** Takes over the registry and closes it in the end. */
    public ConsumerMeter(Metrics metrics, String clientId) {
        this.metrics = metrics;
        this.tags = Map.of("client-id", clientId);
        this.records = metrics.sensor("records-consumed");
        records.add(new Meter(
                name("records-consumed-rate", FETCH_GROUP, "The average number of records consumed per second"),
                name("records-consumed-total", FETCH_GROUP, "The total number of records consumed")));
        this.bytes = metrics.sensor("bytes-consumed");
        bytes.add(new Meter(
                name(
                        "bytes-consumed-rate",
                        FETCH_GROUP,
                        "The average number of bytes of keys and values consumed per second"),
                name("bytes-consumed-total", FETCH_GROUP, "The total number of bytes of keys and values consumed")));
        metrics.addMetric(
                name("records-lag-max", FETCH_GROUP, "The largest lag in records of any partition"),
                (config, now) ->
                        lags.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    private MetricName name(String name, String group, String description) {
        return metrics.metricName(name, group, description, tags);
    }

    void watch(Loop loop) {
        gauge(
                loop,
                "fetch-total",
                FETCH_GROUP,
                "The total number of fetch requests that were answered",
                t -> t.fullFetches() + t.incrementalFetches());
        gauge(
                loop,
                "sessions-opened-total",
                SESSION_GROUP,
                "Fetch sessions that brokers granted",
                FetchTally::sessionsOpened);
        gauge(
                loop,
                "full-fetches-total",
                SESSION_GROUP,
                "Fetches that listed every partition",
                FetchTally::fullFetches);
        gauge(
                loop,
                "incremental-fetches-total",
                SESSION_GROUP,
                "Fetches that listed only what had changed",
                FetchTally::incrementalFetches);
        gauge(
                loop,
                "refused-fetches-total",
                SESSION_GROUP,
                "Fetches that brokers refused as a whole",
                FetchTally::refusedFetches);
        gauge(
                loop,
                "diverged-fetches-total",
                SESSION_GROUP,
                "Answers out of step with their session",
                FetchTally::divergedFetches);
        gauge(
                loop,
                "doubted-partitions-total",
                SESSION_GROUP,
                "Partitions in answers whose data was not believed",
                FetchTally::doubtedPartitions);
        gauge(
                loop,
                "failed-fetches-total",
                SESSION_GROUP,
                "Fetches that ended without an answer",
                FetchTally::failedFetches);
        gauge(
                loop,
                "request-bytes-total",
                SESSION_GROUP,
                "Bytes of Fetch requests on the wire",
                FetchTally::requestBytes);
        gauge(
                loop,
                "response-bytes-total",
                SESSION_GROUP,
                "Bytes of Fetch responses on the wire",
                FetchTally::responseBytes);
        gauge(
                loop,
                "saved-bytes-total",
                SESSION_GROUP,
                "Bytes that full fetches would have cost more",
                FetchTally::savedBytes);
        metrics.addMetric(
                name("buffered-bytes", SESSION_GROUP, "Bytes of fetched data held for the application"),
                (config, now) -> loop.heldBytes());
    }

    private void gauge(Loop loop, String name, String group, String description, ToLongFunction<FetchTally> value) {
        metrics.addMetric(name(name, group, description), (config, now) -> value.applyAsLong(loop.tally()));
    }

    void assigned(Set<TopicPartition> partitions) {
        lagNames.entrySet().removeIf(entry -> {
            boolean revoked = !partitions.contains(entry.getKey());
            if (revoked) {
                lags.remove(entry.getKey());
                metrics.removeMetric(entry.getValue());
            }
            return revoked;
        });
    }

    void consumed(RecordCollector<?, ?> taken, Function<TopicPartition, OptionalLong> lagOf) {
        if (taken.count() == 0) {
            return;
        }
        records.record((double) taken.count());
        bytes.record((double) taken.bytes());
        for (TopicPartition partition : taken.partitions()) {
            lagOf.apply(partition).ifPresent(lag -> lag(partition, lag));
        }
    }

    private void lag(TopicPartition partition, long lag) {
        lags.put(partition, lag);
        lagNames.computeIfAbsent(partition, this::addLagMetric);
    }

    private MetricName addLagMetric(TopicPartition partition) {
        Map<String, String> lagTags = new HashMap<>(tags);
        lagTags.put("topic", partition.topic());
        lagTags.put("partition", Integer.toString(partition.partition()));
        MetricName name =
                metrics.metricName("records-lag", FETCH_GROUP, "The latest lag in records of the partition", lagTags);
        metrics.addMetric(name, (config, now) -> lags.getOrDefault(partition, 0L));
        return name;
    }

    /** All metrics, as the public interface shows them. */
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.copyOf(metrics.metrics());
    }

    void close() {
        metrics.close();
    }
}
