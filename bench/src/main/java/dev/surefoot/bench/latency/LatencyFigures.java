package dev.surefoot.bench.latency;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one round has shown.
 *
 * @param records how many were counted
 * @param p50Micros the median, in microseconds like the others
 */
public record LatencyFigures(long records, double p50Micros, double p99Micros, double p999Micros, double maxMicros) {
    private static final double MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    static LatencyFigures of(Histogram nanos) {
        return new LatencyFigures(
                nanos.getTotalCount(),
                micros(nanos.getValueAtPercentile(50)),
                micros(nanos.getValueAtPercentile(99)),
                micros(nanos.getValueAtPercentile(99.9)),
                micros(nanos.getMaxValue()));
    }

    private static double micros(long nanos) {
        return Math.round(nanos / MICRO * 10) / 10.0;
    }
}
