package dev.surefoot.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Min;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.WindowedSum;

/**
 * Statistics of one quantity, which may be registered under several names. Values are added up in place and put into
 * Kafka's statistics when one of these is read, or when a tenth of a window of samples has passed: each statistic
 * consists of several objects, and those of a partition that is seldom read are in no cache of the processor
 * ({@code bench partitions}, the time of a poll). A statistic sees the values that are recorded after it was added.
 * Safe from any thread.
 */
final class Quantity {
    private static final int INTERVALS_OF_A_WINDOW = 10;

    private final MetricConfig config;
    private final List<Statistic> statistics = new ArrayList<>(4);

    private long count;
    private double sum;
    private double min;
    private double max;
    /** When the first of the values that are added up here was recorded, in milliseconds since the epoch. */
    private long firstMs;

    private long lastMs;

    Quantity(MetricConfig config) {
        this.config = config;
    }

    /** What is made of the values that are added up here. */
    private interface Statistic {
        /** @param timeMs when the last of them was recorded */
        void take(long timeMs);
    }

    /** @param nowMs milliseconds since the epoch */
    synchronized void record(double value, long nowMs) {
        if (count > 0 && nowMs - firstMs >= config.timeWindowMs() / INTERVALS_OF_A_WINDOW) {
            flush();
        }
        if (count == 0) {
            firstMs = nowMs;
            min = value;
            max = value;
        }
        count++;
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
        lastMs = nowMs;
    }

    private void flush() {
        if (count > 0) {
            for (int i = 0; i < statistics.size(); i++) {
                statistics.get(i).take(lastMs);
            }
            count = 0;
            sum = 0;
        }
    }

    /** The sum of all values. */
    Measurable total() {
        CumulativeSum total = new CumulativeSum();
        return add(timeMs -> total.record(config, sum, timeMs), total);
    }

    /** The sum of the values per second. */
    Measurable rate() {
        Rate rate = new Rate();
        return add(timeMs -> rate.record(config, sum, timeMs), rate);
    }

    /** How many values there were. */
    Measurable countTotal() {
        CumulativeSum total = new CumulativeSum();
        return add(timeMs -> total.record(config, (double) count, timeMs), total);
    }

    /** How many values there are per second. */
    Measurable countRate() {
        Rate rate = new Rate();
        return add(timeMs -> rate.record(config, (double) count, timeMs), rate);
    }

    /** How many values there are per hour. */
    Measurable countRatePerHour() {
        Rate rate = new Rate(TimeUnit.HOURS);
        return add(timeMs -> rate.record(config, (double) count, timeMs), rate);
    }

    /** The average of the values in the window; NaN if there are none. */
    Measurable avg() {
        WindowedSum sums = new WindowedSum();
        WindowedSum counts = new WindowedSum();
        return add(
                timeMs -> {
                    sums.record(config, sum, timeMs);
                    counts.record(config, (double) count, timeMs);
                },
                (metricConfig, nowMs) -> {
                    double values = counts.measure(metricConfig, nowMs);
                    return values == 0 ? Double.NaN : sums.measure(metricConfig, nowMs) / values;
                });
    }

    /** The largest value in the window; NaN if there is none. */
    Measurable max() {
        Max largest = new Max();
        return add(timeMs -> largest.record(config, max, timeMs), largest);
    }

    /** The smallest value in the window; NaN if there is none. */
    Measurable min() {
        Min smallest = new Min();
        return add(timeMs -> smallest.record(config, min, timeMs), smallest);
    }

    private synchronized Measurable add(Statistic statistic, Measurable figure) {
        flush();
        statistics.add(statistic);
        return (metricConfig, nowMs) -> {
            synchronized (this) {
                flush();
                return figure.measure(metricConfig, nowMs);
            }
        };
    }
}
