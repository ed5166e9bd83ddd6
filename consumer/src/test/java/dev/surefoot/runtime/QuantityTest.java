package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Min;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.WindowedCount;
import org.junit.jupiter.api.Test;

class QuantityTest {
    private static final long WINDOW_MS = 30_000;

    private final MetricConfig config = new MetricConfig().timeWindow(WINDOW_MS, TimeUnit.MILLISECONDS);
    private final Quantity quantity = new Quantity(config);

    @Test
    void whenItIsReadItsFiguresAreThoseOfKafkasStatistics() {
        Map<MeasurableStat, Measurable> pairs = new LinkedHashMap<>();
        pairs.put(new CumulativeSum(), quantity.total());
        pairs.put(new CumulativeCount(), quantity.countTotal());
        pairs.put(new Rate(), quantity.rate());
        pairs.put(new Rate(new WindowedCount()), quantity.countRate());
        pairs.put(new Rate(TimeUnit.HOURS, new WindowedCount()), quantity.countRatePerHour());
        pairs.put(new Avg(), quantity.avg());
        pairs.put(new Max(), quantity.max());
        pairs.put(new Min(), quantity.min());
        Random random = new Random(7);
        long nowMs = 1_000_000;
        for (int i = 0; i < 10_000; i++) {
            nowMs += random.nextInt(20);
            double value = random.nextInt(1_000) - 300;
            quantity.record(value, nowMs);
            for (MeasurableStat stat : pairs.keySet()) {
                stat.record(config, value, nowMs);
            }
            if (random.nextInt(10) == 0) {
                compare(pairs, nowMs);
            }
        }
        compare(pairs, nowMs + WINDOW_MS);
        compare(pairs, nowMs + 4 * WINDOW_MS);
    }

    private void compare(Map<MeasurableStat, Measurable> pairs, long nowMs) {
        pairs.forEach((stat, figure) -> {
            double expected = stat.measure(config, nowMs);
            double measured = figure.measure(config, nowMs);
            if (Double.isNaN(expected)) {
                assertThat(measured).as(stat.toString()).isNaN();
            } else {
                assertThat(measured)
                        .as(stat.toString())
                        .isCloseTo(expected, within(Math.abs(expected) * tolerance(stat)));
            }
        });
    }

    /** A sample of a window may begin an interval later, as values reach it together. */
    private static double tolerance(MeasurableStat stat) {
        return stat instanceof CumulativeSum ? 1e-9 : 0.1;
    }

    @Test
    void aValueLeavesTheWindowThoughNothingIsRead() {
        Measurable max = quantity.max();
        quantity.record(100, 0);
        for (long nowMs = 0; nowMs <= 3 * WINDOW_MS; nowMs += 1_000) {
            quantity.record(1, nowMs);
        }
        assertThat(max.measure(config, 3 * WINDOW_MS)).isEqualTo(1);
    }

    @Test
    void aValueThatIsReadLateCountsWhenItWasRecorded() {
        Measurable rate = quantity.rate();
        Measurable max = quantity.max();
        quantity.record(100, 0);
        assertThat(max.measure(config, 10 * WINDOW_MS)).isNaN();
        assertThat(rate.measure(config, 10 * WINDOW_MS)).isZero();
    }

    @Test
    void aStatisticSeesWhatIsRecordedAfterItWasAdded() {
        Measurable first = quantity.total();
        quantity.record(5, 0);
        Measurable second = quantity.total();
        quantity.record(2, 0);
        assertThat(first.measure(config, 1)).isEqualTo(7);
        assertThat(second.measure(config, 1)).isEqualTo(2);
    }
}
