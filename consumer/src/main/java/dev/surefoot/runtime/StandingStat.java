package dev.surefoot.runtime;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;

/**
 * A statistic over a window of samples, of a quantity that keeps its value between two recordings: a lag of 7 stays 7
 * until the position or the end moves. NaN while there is neither a sample nor a standing value.
 */
final class StandingStat implements Measurable {
    private final Measurable window;
    private final DoubleSupplier standing;
    private final DoubleBinaryOperator both;

    private StandingStat(Measurable window, DoubleSupplier standing, DoubleBinaryOperator both) {
        this.window = window;
        this.standing = standing;
        this.both = both;
    }

    /** @param standing returns the current value, NaN if it is not known */
    static StandingStat max(Quantity quantity, DoubleSupplier standing) {
        return new StandingStat(quantity.max(), standing, Math::max);
    }

    /** @param standing returns the current value, NaN if it is not known */
    static StandingStat min(Quantity quantity, DoubleSupplier standing) {
        return new StandingStat(quantity.min(), standing, Math::min);
    }

    /**
     * The average of the samples in the window, or the standing value when there are none.
     *
     * @param standing returns the current value, NaN if it is not known
     */
    static StandingStat avg(Quantity quantity, DoubleSupplier standing) {
        return new StandingStat(quantity.avg(), standing, (recorded, now) -> recorded);
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
