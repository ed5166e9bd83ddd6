package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.group.GroupSettings.Protocol;
import dev.surefoot.net.ManualClock;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.Test;

class GroupMeterTest {
    private static final long MILLI = 1_000_000;

    private final Metrics metrics = new Metrics(new MetricConfig().timeWindow(100 * 365, TimeUnit.DAYS));
    private final long nowMs = System.currentTimeMillis();

    private double value(String name) {
        return metrics.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
    }

    private static GroupEvent rebalance(boolean failed) {
        return new GroupEvent.RebalanceEnded(1, 2, 40 * MILLI, failed);
    }

    @Test
    void requestsAreCountedByApi() {
        GroupMeter meter = new GroupMeter(metrics, "g", Protocol.CLASSIC);
        meter.happened(new GroupEvent.RequestEnded(GroupEvent.Api.HEARTBEAT, 7 * MILLI), nowMs);
        meter.happened(new GroupEvent.RequestEnded(GroupEvent.Api.JOIN, 10 * MILLI), nowMs);
        meter.happened(new GroupEvent.RequestEnded(GroupEvent.Api.JOIN, 30 * MILLI), nowMs);
        meter.happened(new GroupEvent.RequestEnded(GroupEvent.Api.SYNC, 5 * MILLI), nowMs);
        meter.happened(new GroupEvent.RequestEnded(GroupEvent.Api.COMMIT, 4 * MILLI), nowMs);

        assertThat(value("heartbeat-response-time-max")).isEqualTo(7);
        assertThat(value("heartbeat-total")).isEqualTo(1);
        assertThat(value("join-time-avg")).isEqualTo(20);
        assertThat(value("join-time-max")).isEqualTo(30);
        assertThat(value("join-total")).isEqualTo(2);
        assertThat(value("sync-time-max")).isEqualTo(5);
        assertThat(value("sync-total")).isEqualTo(1);
        assertThat(value("commit-latency-max")).isEqualTo(4);
        assertThat(value("commit-total")).isEqualTo(1);
    }

    @Test
    void secondsAgoAreUnknownBeforeTheFirst() {
        GroupMeter meter = new GroupMeter(metrics, "g", Protocol.CONSUMER);
        assertThat(value("last-heartbeat-seconds-ago")).isEqualTo(-1);
        assertThat(value("last-rebalance-seconds-ago")).isEqualTo(-1);
        meter.happened(new GroupEvent.HeartbeatSent(), nowMs - 100_000);
        meter.happened(rebalance(false), nowMs - 200_000);
        assertThat(value("last-heartbeat-seconds-ago")).isGreaterThanOrEqualTo(100);
        assertThat(value("last-rebalance-seconds-ago")).isGreaterThanOrEqualTo(200);
    }

    @Test
    void rebalancesAreTimedIfTheySucceed() {
        GroupMeter meter = new GroupMeter(metrics, "g", Protocol.CONSUMER);
        meter.happened(rebalance(false), nowMs);
        meter.happened(rebalance(true), nowMs);
        assertThat(value("rebalance-total")).isEqualTo(1);
        assertThat(value("rebalance-latency-total")).isEqualTo(40);
        assertThat(value("failed-rebalance-total")).isEqualTo(1);
        assertThat(metrics.metrics().keySet()).noneMatch(name -> name.name().startsWith("join-"));
    }

    @Test
    void inTheClassicProtocolEachFailedRoundCountsAsAFailedRebalance() {
        GroupMeter meter = new GroupMeter(metrics, "g", Protocol.CLASSIC);
        meter.happened(new GroupEvent.RoundFailed(), nowMs);
        meter.happened(new GroupEvent.RoundFailed(), nowMs);
        meter.happened(rebalance(true), nowMs);
        assertThat(value("failed-rebalance-total")).isEqualTo(2);
    }

    @Test
    void theListenerIsTimedAlsoIfItThrows() {
        ManualClock clock = new ManualClock();
        OwnershipMeter meter = new OwnershipMeter(metrics, "g", clock);
        meter.time(OwnershipMeter.Told.REVOKED, () -> clock.advanceMs(30));
        try {
            meter.time(OwnershipMeter.Told.LOST, () -> {
                clock.advanceMs(50);
                throw new IllegalStateException("listener");
            });
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("listener");
        }
        assertThat(value("partition-revoked-latency-max")).isEqualTo(30);
        assertThat(value("partition-lost-latency-max")).isEqualTo(50);
        assertThat(value("partition-assigned-latency-max")).isNaN();
    }
}
