package dev.surefoot.runtime;

import dev.surefoot.core.fetch.FetchTally;
import java.util.HashMap;
import java.util.List;
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

    /** One count of the tally, as a metric. */
    private record Count(String name, String group, ToLongFunction<FetchTally> value, String description) {}

    private static final List<Count> COUNTS = List.of(
            new Count("fetch-total", FETCH_GROUP, t -> t.fullFetches() + t.incrementalFetches(), "Answered fetches"),
            new Count(
                    "sessions-opened-total",
                    SESSION_GROUP,
                    FetchTally::sessionsOpened,
                    "Sessions that brokers granted"),
            new Count(
                    "full-fetches-total",
                    SESSION_GROUP,
                    FetchTally::fullFetches,
                    "Fetches that listed every partition"),
            new Count(
                    "incremental-fetches-total",
                    SESSION_GROUP,
                    FetchTally::incrementalFetches,
                    "Fetches that listed only what had changed"),
            new Count(
                    "refused-fetches-total",
                    SESSION_GROUP,
                    FetchTally::refusedFetches,
                    "Fetches that brokers refused as a whole"),
            new Count(
                    "diverged-fetches-total",
                    SESSION_GROUP,
                    FetchTally::divergedFetches,
                    "Answers out of step with their session"),
            new Count(
                    "doubted-partitions-total",
                    SESSION_GROUP,
                    FetchTally::doubtedPartitions,
                    "Partitions in answers whose data was not believed"),
            new Count(
                    "failed-fetches-total",
                    SESSION_GROUP,
                    FetchTally::failedFetches,
                    "Fetches that ended without an answer"),
            new Count(
                    "request-bytes-total",
                    SESSION_GROUP,
                    FetchTally::requestBytes,
                    "Bytes of Fetch requests on the wire"),
            new Count(
                    "response-bytes-total",
                    SESSION_GROUP,
                    FetchTally::responseBytes,
                    "Bytes of Fetch responses on the wire"),
            new Count(
                    "saved-bytes-total",
                    SESSION_GROUP,
                    FetchTally::savedBytes,
                    "Bytes that full fetches would have cost more"));

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
        for (Count count : COUNTS) {
            metrics.addMetric(
                    name(count.name(), count.group(), count.description()),
                    (config, now) -> count.value().applyAsLong(loop.tally()));
        }
        metrics.addMetric(
                name("buffered-bytes", SESSION_GROUP, "Bytes of fetched data held for the application"),
                (config, now) -> loop.heldBytes());
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

    void consumed(Consumption taken, Function<TopicPartition, OptionalLong> lagOf) {
        if (taken.records() == 0) {
            return;
        }
        records.record(taken.records());
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
