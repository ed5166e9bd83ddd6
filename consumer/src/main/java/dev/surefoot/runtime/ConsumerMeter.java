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
 * The metrics of one consumer. Those that Kafka's own consumer also has carry its names, groups and tags; those of
 * fetch sessions are in a group of their own. Read by any thread.
 */
public final class ConsumerMeter {
    /** The group in which Kafka's consumer has its fetch metrics. */
    public static final String FETCH_GROUP = "consumer-fetch-manager-metrics";

    /** The group in which Kafka's consumer has the metrics of its polls and connections. */
    public static final String CONSUMER_GROUP = "consumer-metrics";

    /** The group of the metrics that only Surefoot has. */
    public static final String SESSION_GROUP = SessionMeter.GROUP;

    private final Metrics metrics;
    private final PollMeter polls;
    private final FetchMeter fetches;
    private final ConsumptionMeter consumption;
    private final LagMeter lags;

    /**
     * @param metrics the registry, closed with this consumer; its configuration gives the tags of all metrics
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

    /** Returns the recorder of fetch latencies and throttle times, for the transport. */
    public FetchTiming fetches(Clock clock) {
        return (latencyNanos, throttleTimeMs) -> fetches.answered(latencyNanos, throttleTimeMs, clock.epochMillis());
    }

    /** Returns the recorder of what the application reads, for the lanes. */
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

    /** Sets the partitions that have metrics. */
    void assigned(Set<TopicPartition> partitions) {
        lags.assigned(partitions);
    }

    /** Returns all metrics, as the public interface shows them. */
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.copyOf(metrics.metrics());
    }

    void close() {
        MetricsRegistry.close(metrics);
    }
}
