package dev.surefoot.runtime;

import dev.surefoot.core.delivery.ReadingListener;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.net.Clock;
import dev.surefoot.net.FetchTiming;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one consumer. Those that Kafka's own consumer also has carry its names, groups and tags; those of
 * fetch sessions are in a group of their own. Read by any thread.
 */
public final class ConsumerMeter {
    /** The group in which Kafka's consumer has its fetch metrics. */
    public static final String FETCH_GROUP = "consumer-fetch-manager-metrics";

    /** The group in which Kafka's consumer has the metrics of its polls and connections. */
    public static final String CONSUMER_GROUP = "consumer-metrics";

    /** The group in which Kafka's consumer has the metrics of rebalances and commits. */
    public static final String COORDINATOR_GROUP = "consumer-coordinator-metrics";

    /** The group of the metrics that only Surefoot has. */
    public static final String SESSION_GROUP = SessionMeter.GROUP;

    private final Metrics metrics;
    private final PollMeter polls;
    private final FetchMeter fetches;
    private final ConsumptionMeter consumption;
    private final LagMeter lags;
    private final PartitionMeters partitions;
    private final CommitCallsMeter commitCalls;
    private final BadUnitMeter badUnits;
    private @Nullable OwnershipMeter ownership;
    private @Nullable ProgressBoard board;

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
        this.partitions = new PartitionMeters(lags);
        this.commitCalls = new CommitCallsMeter(metrics, CONSUMER_GROUP);
        this.badUnits = new BadUnitMeter(metrics);
        AppInfo.register(metrics, startMs);
    }

    /** Returns the recorder of fetch latencies and throttle times, for the transport. */
    public FetchTiming fetches(Clock clock) {
        return (latencyNanos, throttleTimeMs) -> fetches.answered(latencyNanos, throttleTimeMs, clock.epochMillis());
    }

    /** Returns the recorder of what the application reads, for the lanes. */
    ReadingListener reading(ProgressBoard progress, boolean readCommitted, Clock clock) {
        lags.watch(new LagByProof(progress, clock, readCommitted));
        return new ReadingMeter(consumption, lags, progress, readCommitted, clock);
    }

    PollMeter polls() {
        return polls;
    }

    void watch(Loop loop, ProgressBoard progress) {
        board = progress;
        SessionMeter.register(metrics, loop);
        lags.watch(loop::readReplica);
    }

    /** Adds the metrics of progress. Called once at most. */
    void watch(Progress progress, GuardReports reports, int partitionsMax) {
        ProgressMeter meter = new ProgressMeter(metrics, progress, reports, partitionsMax);
        partitions.watch(meter);
        reports.count(meter);
    }

    /** Returns what registers and removes the metrics of partitions. */
    PartitionMeters partitions() {
        return partitions;
    }

    BadUnitMeter badUnits() {
        return badUnits;
    }

    CommitCallsMeter commitCalls() {
        return commitCalls;
    }

    /** Adds the metrics of a membership, and returns their recorder for the loop. Called once at most. */
    Consumer<GroupEvent> group(GroupSettings.Protocol protocol, Clock clock) {
        GroupMeter group = new GroupMeter(metrics, COORDINATOR_GROUP, protocol);
        ownership = new OwnershipMeter(metrics, COORDINATOR_GROUP, clock);
        return event -> group.happened(event, clock.epochMillis());
    }

    /** Calls the listener of a membership, and records how long that takes. */
    void timeListener(OwnershipMeter.Told told, Runnable listenerCall) {
        if (ownership == null) {
            listenerCall.run();
        } else {
            ownership.time(told, listenerCall);
        }
    }

    /** Sets the partitions that have metrics and a place on the board. */
    void assigned(Set<TopicPartition> assignment) {
        partitions.assigned(assignment);
        if (board != null) {
            board.assigned(assignment);
        }
        if (ownership != null) {
            ownership.assigned(assignment.size());
        }
    }

    /** Returns all metrics, as the public interface shows them. */
    public Map<MetricName, ? extends Metric> metrics() {
        partitions.settleAll();
        return Map.copyOf(metrics.metrics());
    }

    void close() {
        MetricsRegistry.close(metrics);
    }
}
