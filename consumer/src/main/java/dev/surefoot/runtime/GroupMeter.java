package dev.surefoot.runtime;

import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.group.GroupSettings;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics of a membership and of its commits, under the names of Kafka's own consumer of the same protocol. A
 * rebalance is timed from its beginning to the return of the listener that is told what was assigned; in the classic
 * protocol each JoinGroup or SyncGroup that fails counts as a failed rebalance. Recorded by the loop's thread, read by
 * any.
 */
final class GroupMeter {
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double NEVER = -1;

    private final Metrics metrics;
    private final MetricScope client;
    private final String group;
    private final Quantity heartbeats;
    private final Quantity joins;
    private final Quantity syncs;
    private final Quantity commits;
    private final Quantity rebalances;
    private final Quantity failedRebalances;
    private final boolean countsRounds;
    /** Milliseconds since the epoch, 0 before the first heartbeat. Read by any thread. */
    private volatile long lastHeartbeatMs;
    /** Milliseconds since the epoch, 0 before the first rebalance has ended. Read by any thread. */
    private volatile long lastRebalanceMs;

    GroupMeter(Metrics metrics, String group, GroupSettings.Protocol protocol) {
        this.metrics = metrics;
        this.client = MetricScope.ofClient(metrics);
        this.group = group;
        this.heartbeats = quantity();
        this.joins = quantity();
        this.syncs = quantity();
        this.commits = quantity();
        this.rebalances = quantity();
        this.failedRebalances = quantity();
        addHeartbeats();
        countsRounds = protocol == GroupSettings.Protocol.CLASSIC;
        if (countsRounds) {
            addRound("join", joins, "JoinGroup");
            addRound("sync", syncs, "SyncGroup");
        }
        addRebalances();
        add("commit-latency-avg", "Average milliseconds until a commit is answered", commits.avg());
        add("commit-latency-max", "Most milliseconds until a commit is answered", commits.max());
        add("commit-rate", "Commits answered per second", commits.countRate());
        add("commit-total", "Commits answered", commits.countTotal());
    }

    private Quantity quantity() {
        return new Quantity(metrics.config());
    }

    private void add(String name, String description, Measurable value) {
        client.add(name, group, description, value);
    }

    private void addHeartbeats() {
        add("heartbeat-response-time-max", "Most milliseconds until a heartbeat is answered", heartbeats.max());
        add("heartbeat-rate", "Heartbeats answered per second", heartbeats.countRate());
        add("heartbeat-total", "Heartbeats answered", heartbeats.countTotal());
        Measurable secondsAgo = (config, nowMs) -> secondsSince(lastHeartbeatMs, nowMs);
        add("last-heartbeat-seconds-ago", "Seconds since a heartbeat was sent, -1 before the first", secondsAgo);
    }

    private void addRound(String name, Quantity answered, String api) {
        add(name + "-time-avg", "Average milliseconds until a " + api + " is answered in order", answered.avg());
        add(name + "-time-max", "Most milliseconds until a " + api + " is answered in order", answered.max());
        add(name + "-rate", api + " answered in order per second", answered.countRate());
        add(name + "-total", api + " answered in order", answered.countTotal());
    }

    private void addRebalances() {
        add("rebalance-latency-avg", "Average milliseconds from beginning to end of a rebalance", rebalances.avg());
        add("rebalance-latency-max", "Most milliseconds from beginning to end of a rebalance", rebalances.max());
        add("rebalance-latency-total", "Milliseconds spent in rebalances that have succeeded", rebalances.total());
        add("rebalance-total", "Rebalances that have succeeded", rebalances.countTotal());
        add("rebalance-rate-per-hour", "Rebalances per hour that have succeeded", rebalances.countRatePerHour());
        add("failed-rebalance-total", "Rebalances that have failed", failedRebalances.countTotal());
        add("failed-rebalance-rate-per-hour", "Rebalances per hour that fail", failedRebalances.countRatePerHour());
        Measurable secondsAgo = (config, nowMs) -> secondsSince(lastRebalanceMs, nowMs);
        add("last-rebalance-seconds-ago", "Seconds since a rebalance has succeeded, -1 before the first", secondsAgo);
    }

    private static double secondsSince(long momentMs, long nowMs) {
        return momentMs == 0 ? NEVER : TimeUnit.MILLISECONDS.toSeconds(Math.max(0, nowMs - momentMs));
    }

    /** @param nowMs milliseconds since the epoch */
    void happened(GroupEvent event, long nowMs) {
        event.accept(new Recording(nowMs));
    }

    private final class Recording implements GroupEvent.Visitor {
        private final long nowMs;

        Recording(long nowMs) {
            this.nowMs = nowMs;
        }

        @Override
        public void heartbeatSent(GroupEvent.HeartbeatSent event) {
            lastHeartbeatMs = nowMs;
        }

        @Override
        public void requestEnded(GroupEvent.RequestEnded event) {
            Quantity answered =
                    switch (event.api()) {
                        case HEARTBEAT -> heartbeats;
                        case JOIN -> joins;
                        case SYNC -> syncs;
                        case COMMIT -> commits;
                    };
            answered.record(event.latencyNanos() / NANOS_PER_MS, nowMs);
        }

        @Override
        public void roundFailed(GroupEvent.RoundFailed event) {
            failedRebalances.record(1, nowMs);
        }

        @Override
        public void rebalanceEnded(GroupEvent.RebalanceEnded event) {
            if (!event.failed()) {
                lastRebalanceMs = nowMs;
                rebalances.record(event.durationNanos() / NANOS_PER_MS, nowMs);
            } else if (!countsRounds) {
                failedRebalances.record(1, nowMs);
            }
        }

        // What no metric tells.

        @Override
        public void coordinatorFound(GroupEvent.CoordinatorFound event) {}

        @Override
        public void coordinatorLost(GroupEvent.CoordinatorLost event) {}

        @Override
        public void rebalanceStarted(GroupEvent.RebalanceStarted event) {}

        @Override
        public void membershipEnded(GroupEvent.MembershipEnded event) {}

        @Override
        public void offsetUnstable(GroupEvent.OffsetUnstable event) {}

        @Override
        public void leaseLapsed(GroupEvent.LeaseLapsed event) {}

        @Override
        public void offsetsOutdated(GroupEvent.OffsetsOutdated event) {}
    }
}
