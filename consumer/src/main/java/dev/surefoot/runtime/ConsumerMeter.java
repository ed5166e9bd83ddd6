package dev.surefoot.runtime;

import dev.surefoot.core.delivery.ReadingListener;
import dev.surefoot.net.Clock;
import dev.surefoot.net.FetchTiming;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics of one consumer. Those that Kafka's own consumer has too carry its names, groups and tags; those of fetch
 * sessions are in a group of their own. Read by any thread.
 */
public final class ConsumerMeter {
    /** The group that Kafka's consumer keeps its fetch metrics in. */
    public static final String FETCH_GROUP = "consumer-fetch-manager-metrics";

    /** The group that Kafka's consumer keeps the metrics of its polls in, beside those of its connections. */
    public static final String CONSUMER_GROUP = "consumer-metrics";

    /** The group of what only Surefoot measures. */
    public static final String SESSION_GROUP = SessionMeter.GROUP;

    private final Metrics metrics;
    private final PollMeter polls;
    private final FetchMeter fetches;
    private final ConsumptionMeter consumption;
    private final LagMeter lags;

    /**
     * Takes over the registry, whose metrics carry the tags of its configuration, and closes it in the end.
     *
     * @param startMs when the consumer was made, in milliseconds since the epoch
     */
    public ConsumerMeter(Metrics metrics, long startMs) {
        this.metrics = metrics;
        this.polls = new PollMeter(metrics, CONSUMER_GROUP);
        this.fetches = new FetchMeter(metrics, FETCH_GROUP);
        this.consumption = new ConsumptionMeter(metrics, FETCH_GROUP);
        this.lags = new LagMeter(metrics, FETCH_GROUP);
        AppInfo.register(metrics, startMs);
    }

    /** What the transport is to tell of its fetches. */
    public FetchTiming fetches(Clock clock) {
        return (latencyNanos, throttleTimeMs) -> fetches.answered(latencyNanos, throttleTimeMs, clock.epochMillis());
    }

    /** What the lanes are to tell of the application's reading. */
    ReadingListener reading(boolean readCommitted, Clock clock) {
        return new ReadingMeter(consumption, lags, readCommitted, clock);
    }

    PollMeter polls() {
        return polls;
    }

    void watch(Loop loop) {
        SessionMeter.register(metrics, loop);
        lags.watch(loop::readReplica);
    }

    /** Only these partitions have metrics from now on. */
    void assigned(Set<TopicPartition> partitions) {
        lags.assigned(partitions);
    }

    /** All metrics, as the public interface shows them. */
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.copyOf(metrics.metrics());
    }

    void close() {
        MetricsRegistry.close(metrics);
    }
}
