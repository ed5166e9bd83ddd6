package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.Test;

/** When the metrics of partitions are registered and removed. */
class PartitionMetersTest {
    private static final String GROUP = "g";
    private static final TopicPartition FIRST = new TopicPartition("t", 0);

    private final Metrics metrics = new Metrics(new MetricConfig().timeWindow(100 * 365, TimeUnit.DAYS));
    private final LagMeter lags = new LagMeter(metrics, GROUP);
    private final PartitionMeters meters = new PartitionMeters(lags);

    private static Set<TopicPartition> partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new TopicPartition("t", number))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The partitions that have metrics. */
    private Set<String> registered() {
        Set<String> numbers = new HashSet<>();
        metrics.metrics().keySet().stream()
                .filter(name -> name.tags().containsKey("partition"))
                .forEach(name -> numbers.add(name.tags().get("partition")));
        return numbers;
    }

    private KafkaMetric lagOfFirst() {
        return metrics.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("records-lag")
                        && metric.metricName().tags().equals(Map.of("topic", "t", "partition", "0")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAssignmentRegistersNothingByItself() {
        meters.assigned(partitions(50));
        assertThat(registered()).isEmpty();
        meters.settleAll();
        assertThat(registered()).hasSize(50);
        meters.assigned(Set.of());
        assertThat(registered()).hasSize(50);
        meters.settleAll();
        assertThat(registered()).isEmpty();
    }

    @Test
    void eachPollSettlesSomeAndMoreOfThemAfterALongTimeOutside() {
        meters.assigned(partitions(100));
        meters.settleWithPoll(0);
        int withShortPoll = registered().size();
        assertThat(withShortPoll).isBetween(1, 10);
        meters.settleWithPoll(TimeUnit.MILLISECONDS.toNanos(30));
        assertThat(registered()).hasSize(withShortPoll + 30);
        meters.settleWithPoll(TimeUnit.DAYS.toNanos(1));
        assertThat(registered()).hasSize(100);
        assertThat(meters.isDue()).isFalse();
    }

    @Test
    void theMetricsOfAPartitionThatComesBackStayButNothingOfWhatTheyTold() {
        meters.assigned(Set.of(FIRST));
        lags.record(FIRST, 4, 5, true, System.currentTimeMillis());
        meters.settleAll();
        KafkaMetric before = lagOfFirst();
        assertThat(before.metricValue()).isEqualTo(4.0);
        meters.assigned(Set.of());
        assertThat(before.metricValue()).isEqualTo(Double.NaN);
        meters.assigned(Set.of(FIRST));
        meters.settleAll();
        assertThat(lagOfFirst()).isSameAs(before);
        assertThat(before.metricValue()).isEqualTo(Double.NaN);
        lags.record(FIRST, 7, 5, true, System.currentTimeMillis());
        assertThat(before.metricValue()).isEqualTo(7.0);
    }

    @Test
    void whatIsRecordedBeforeTheMetricsAreRegisteredIsInThem() {
        meters.assigned(Set.of(FIRST));
        long nowMs = System.currentTimeMillis();
        lags.record(FIRST, 9, 5, true, nowMs);
        lags.record(FIRST, 3, 5, true, nowMs);
        meters.settleAll();
        Object max = metrics.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("records-lag-max")
                        && metric.metricName().tags().containsKey("partition"))
                .map(KafkaMetric::metricValue)
                .findFirst()
                .orElseThrow();
        assertThat(max).isEqualTo(9.0);
    }

    @Test
    void aReporterMayAskForAllMetricsWhenItIsToldOfOne() {
        Changes changes = new Changes();
        changes.atChange = meters::settleAll;
        metrics.addReporter(changes);
        meters.assigned(partitions(50));
        meters.settleWithPoll(0);
        assertThat(registered()).hasSize(50);
    }

    /** Counts what a registry tells its reporters. */
    private static final class Changes implements MetricsReporter {
        int count;
        Runnable atChange = () -> {};

        @Override
        public void init(List<KafkaMetric> known) {}

        @Override
        public void metricChange(KafkaMetric metric) {
            count++;
            atChange.run();
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {
            count++;
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    @Test
    void aRebalanceWaitsForNoMetricAndTheyFollowWhileNothingHappens() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            world.read(2, GroupWorld.FIRST, GroupWorld.SECOND);
            world.runtime.metrics();
            Changes changes = new Changes();
            world.metrics.addReporter(changes);
            List<Integer> seen = new ArrayList<>();
            world.listener.atRevoked = () -> seen.add(changes.count);
            world.listener.atAssigned = () -> seen.add(changes.count);
            world.plan = List.of(GroupWorld.FIRST);
            world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
            world.listener.told.clear();
            world.turnFor(4000);
            world.runtime.polling().poll(Duration.ofSeconds(5));
            assertThat(world.listener.told).containsExactly("revoked [0, 1]", "assigned [0]");
            assertThat(seen).containsExactly(0, 0);
            assertThat(world.metrics.metrics().keySet())
                    .noneMatch(name -> "1".equals(name.tags().get("partition")))
                    .anyMatch(name -> "0".equals(name.tags().get("partition")));
        }
    }
}
