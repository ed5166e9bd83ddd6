package dev.surefoot.bench.latency;

import dev.surefoot.bench.Median;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The medians over the rounds of one consumer at one rate, each figure by itself.
 *
 * @param rounds how many there were, without those that warm up
 */
public record LatencySummary(int ratePerSecond, ConsumerKind consumer, int rounds, LatencyFigures medians) {

    /** Summarises all results of a run, in the order in which rates and consumers first appear. */
    public static List<LatencySummary> of(List<LatencyResult> results) {
        return results.stream()
                .map(result -> new Group(result.ratePerSecond(), result.consumer()))
                .distinct()
                .map(group -> group.summary(results))
                .toList();
    }

    private record Group(int ratePerSecond, ConsumerKind consumer) {
        LatencySummary summary(List<LatencyResult> results) {
            List<LatencyFigures> rounds = results.stream()
                    .filter(result -> result.ratePerSecond() == ratePerSecond && result.consumer() == consumer)
                    .filter(result -> result.round() > 0)
                    .map(LatencyResult::figures)
                    .toList();
            LatencyFigures medians = new LatencyFigures(
                    rounds.stream().mapToLong(LatencyFigures::records).sum(),
                    median(rounds, LatencyFigures::p50Micros),
                    median(rounds, LatencyFigures::p99Micros),
                    median(rounds, LatencyFigures::p999Micros),
                    median(rounds, LatencyFigures::maxMicros),
                    median(rounds, LatencyFigures::cpuMicrosPerRecord));
            return new LatencySummary(ratePerSecond, consumer, rounds.size(), medians);
        }
    }

    private static double median(List<LatencyFigures> rounds, ToDoubleFunction<LatencyFigures> figure) {
        double[] values = rounds.stream().mapToDouble(figure).toArray();
        return values.length == 0 ? Double.NaN : Median.of(values);
    }
}
