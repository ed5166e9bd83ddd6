package dev.surefoot.runtime;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Min;

/**
 * A statistic over a window of samples, of a quantity that keeps its value between two recordings: a lag of 7 stays 7
 * until the position or the end moves. NaN while there is neither a sample nor a standing value.
 */
final class StandingStat implements MeasurableStat {
    private final MeasurableStat window;
    private final DoubleSupplier standing;
    private final DoubleBinaryOperator both;

    private StandingStat(MeasurableStat window, DoubleSupplier standing, DoubleBinaryOperator both) {
        this.window = window;
        this.standing = standing;
        this.both = both;
    }

    /** @param standing returns the current value, NaN if it is not known */
    static StandingStat max(DoubleSupplier standing) {
        return new StandingStat(new Max(), standing, Math::max);
    }

    /** @param standing returns the current value, NaN if it is not known */
    static StandingStat min(DoubleSupplier standing) {
        return new StandingStat(new Min(), standing, Math::min);
    }

    /**
     * The average of the samples in the window, or the standing value when there are none.
     *
     * @param standing returns the current value, NaN if it is not known
     */
    static StandingStat avg(DoubleSupplier standing) {
        return new StandingStat(new Avg(), standing, (recorded, now) -> recorded);
    }

    @Override
    public void record(MetricConfig config, double value, long timeMs) {
        window.record(config, value, timeMs);
    }

    @Override
    public double measure(MetricConfig config, long nowMs) {
        double recorded = window.measure(config, nowMs);
        double now = standing.getAsDouble();
        if (Double.isNaN(recorded)) {
            return now;
        }
        return Double.isNaN(now) ? recorded : both.applyAsDouble(recorded, now);
    }
}
