package dev.surefoot.bench.latency;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The figures of one round.
 *
 * @param records how many were counted
 * @param p50Micros the median, in microseconds like the others
 * @param cpuMicrosPerRecord CPU time of the whole JVM, its producer included, for each counted record
 */
public record LatencyFigures(
        long records,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double maxMicros,
        double cpuMicrosPerRecord) {
    private static final double MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    static LatencyFigures of(Histogram nanos, long cpuNanos) {
        return new LatencyFigures(
                nanos.getTotalCount(),
                micros(nanos.getValueAtPercentile(50)),
                micros(nanos.getValueAtPercentile(99)),
                micros(nanos.getValueAtPercentile(99.9)),
                micros(nanos.getMaxValue()),
                micros(cpuNanos / Math.max(1, nanos.getTotalCount())));
    }

    private static double micros(long nanos) {
        return Math.round(nanos / MICRO * 10) / 10.0;
    }
}
