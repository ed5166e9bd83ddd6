package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.net.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.Test;

class ConsumerMeterTest {
    private static final String GROUP = "g";

    private final Metrics metrics = new Metrics(new MetricConfig().timeWindow(100 * 365, TimeUnit.DAYS));
    private final ManualClock clock = new ManualClock();

    private Object value(String name, Map<String, String> tags) {
        return metrics.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name)
                        && entry.getKey().tags().equals(tags))
                .map(entry -> entry.getValue().metricValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " with " + tags));
    }

    private Object value(String name) {
        return value(name, Map.of());
    }

    /** A moment within the windows of the registry, whose clock is the machine's. */
    private static long nowMs() {
        return System.currentTimeMillis();
    }

    @Test
    void aTopicWithDotsHasItsMetricsUnderTwoNames() {
        MetricScope.ofTopic(metrics, "a.b").add("m", GROUP, "", (config, now) -> 1.0);
        assertThat(value("m", Map.of("topic", "a.b"))).isEqualTo(1.0);
        assertThat(value("m", Map.of("topic", "a_b"))).isEqualTo(1.0);
    }

    @Test
    void theNameOfARealTopicGoesBeforeThatOfOneWithDots() {
        MetricScope dotted = MetricScope.ofTopic(metrics, "a.b");
        MetricScope real = MetricScope.ofTopic(metrics, "a_b");
        dotted.add("m", GROUP, "", (config, now) -> 1.0);
        real.add("m", GROUP, "", (config, now) -> 2.0);
        dotted.add("n", GROUP, "", (config, now) -> 1.0);
        real.add("n", GROUP, "", (config, now) -> 2.0);
        assertThat(value("m", Map.of("topic", "a_b"))).isEqualTo(2.0);
        assertThat(value("n", Map.of("topic", "a_b"))).isEqualTo(2.0);
        dotted.close();
        assertThat(value("m", Map.of("topic", "a_b"))).isEqualTo(2.0);
        real.close();
        assertThat(metrics.metrics().keySet()).noneMatch(name -> name.group().equals(GROUP));
    }

    @Test
    void aLagStandsWhenTheWindowOfItsRecordsIsOver() {
        double[] standing = {Double.NaN};
        List<Function<Quantity, StandingStat>> figures = List.of(
                quantity -> StandingStat.max(quantity, () -> standing[0]),
                quantity -> StandingStat.min(quantity, () -> standing[0]),
                quantity -> StandingStat.avg(quantity, () -> standing[0]));
        for (Function<Quantity, StandingStat> figure : figures) {
            standing[0] = Double.NaN;
            Quantity quantity = new Quantity(metrics.config());
            StandingStat stat = figure.apply(quantity);
            assertThat(stat.measure(metrics.config(), 0)).isNaN();
            quantity.record(10, 0);
            assertThat(stat.measure(metrics.config(), 1)).isEqualTo(10);
            standing[0] = 7;
            assertThat(stat.measure(metrics.config(), Long.MAX_VALUE / 2)).isEqualTo(7);
        }
    }

    @Test
    void anIdlePartitionHasNoMoreMetricsThanItNeeds() {
        LagMeter lags = new LagMeter(metrics, GROUP);
        PartitionMeters meters = new PartitionMeters(lags);
        TopicPartition partition = new TopicPartition("t", 0);
        int before = metrics.metrics().size();
        meters.assigned(Set.of(partition));
        meters.settleAll();
        assertThat(metrics.metrics()).hasSize(before + 1);
        lags.record(partition, Double.NaN, Double.NaN, false, nowMs());
        meters.settleAll();
        assertThat(metrics.metrics()).hasSize(before + 1);
        lags.record(partition, 0, 5, false, nowMs());
        lags.record(partition, 0, 5, false, nowMs());
        meters.settleAll();
        assertThat(metrics.metrics()).hasSize(before + 3);
        lags.record(partition, 3, 5, false, nowMs());
        meters.settleAll();
        assertThat(metrics.metrics()).hasSize(before + 7);
        assertThat(value("records-lag-max")).isEqualTo(3.0);
        meters.assigned(Set.of());
        meters.settleAll();
        assertThat(metrics.metrics()).hasSize(before);
        lags.record(partition, 3, 5, true, nowMs());
        meters.settleAll();
        assertThat(metrics.metrics()).hasSize(before);
    }

    @Test
    void aLagThatIsNotKnownAnyMoreIsNotTold() {
        LagMeter lags = new LagMeter(metrics, GROUP);
        PartitionMeters meters = new PartitionMeters(lags);
        TopicPartition partition = new TopicPartition("t", 0);
        meters.assigned(Set.of(partition));
        lags.record(partition, 4, 5, true, nowMs());
        meters.settleAll();
        lags.record(partition, Double.NaN, Double.NaN, false, nowMs());
        Map<String, String> tags = Map.of("topic", "t", "partition", "0");
        assertThat(value("records-lag", tags)).isEqualTo(Double.NaN);
        assertThat(value("records-lead", tags)).isEqualTo(Double.NaN);
    }

    @Test
    void theRatioIsThatOfTheTimeWithinPollToAll() {
        PollMeter polls = new PollMeter(metrics, GROUP);
        assertThat(value("last-poll-seconds-ago")).isEqualTo(-1.0);
        assertThat(value("poll-idle-ratio-avg")).isEqualTo(Double.NaN);
        polls.started(0, nowMs());
        polls.ended(0, nowMs());
        assertThat(value("poll-idle-ratio-avg")).isEqualTo(Double.NaN);
        for (long second = 1; second <= 2; second++) {
            // A quarter of each second is spent within poll.
            polls.started(second * 1_000_000_000 - 250_000_000, nowMs());
            polls.ended(second * 1_000_000_000, nowMs());
        }
        assertThat(value("poll-idle-ratio-avg")).isEqualTo(0.25);
        assertThat(value("time-between-poll-avg")).isEqualTo(875.0);
        assertThat(value("time-between-poll-max")).isEqualTo(1000.0);
    }

    @Test
    void whatATransportTellsOfItsFetchesIsRecordedInMilliseconds() {
        FetchMeter fetches = new FetchMeter(metrics, GROUP);
        fetches.answered(30_000_000, 5, nowMs());
        assertThat(value("fetch-total")).isEqualTo(1.0);
        assertThat(value("fetch-latency-avg")).isEqualTo(30.0);
        assertThat(value("fetch-throttle-time-max")).isEqualTo(5.0);
    }
}
