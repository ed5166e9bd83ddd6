package dev.surefoot.bench.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencySummaryTest {

    @Test
    void eachFigureIsTheMedianOverTheCountedRounds() {
        List<LatencySummary> summaries = LatencySummary.of(List.of(
                result(ConsumerKind.SUREFOOT, 0, 900, 900),
                result(ConsumerKind.SUREFOOT, 1, 10, 300),
                result(ConsumerKind.SUREFOOT, 2, 30, 100),
                result(ConsumerKind.SUREFOOT, 3, 20, 200)));

        assertThat(summaries)
                .containsExactly(new LatencySummary(
                        100, ConsumerKind.SUREFOOT, 3, new LatencyFigures(30, 20, 200, 200, 200, 20)));
    }

    @Test
    void consumersAndRatesAreKeptApart() {
        List<LatencySummary> summaries = LatencySummary.of(
                List.of(result(ConsumerKind.SUREFOOT, 1, 10, 20), result(ConsumerKind.KAFKA_CLASSIC, 1, 30, 40)));

        assertThat(summaries)
                .extracting(LatencySummary::consumer)
                .containsExactly(ConsumerKind.SUREFOOT, ConsumerKind.KAFKA_CLASSIC);
        assertThat(summaries).extracting(each -> each.medians().p50Micros()).containsExactly(10.0, 30.0);
    }

    @Test
    void figuresAreTakenFromTheHistogramInMicroseconds() {
        Histogram nanos = new Histogram(1_000_000_000L, 3);
        for (int i = 1; i <= 1_000; i++) {
            nanos.recordValue(i * 1_000L);
        }

        LatencyFigures figures = LatencyFigures.of(nanos, 5_000_000);

        assertThat(figures.records()).isEqualTo(1_000);
        assertThat(figures.p50Micros()).isBetween(499.0, 502.0);
        assertThat(figures.p99Micros()).isBetween(989.0, 992.0);
        assertThat(figures.maxMicros()).isBetween(999.0, 1_002.0);
        assertThat(figures.cpuMicrosPerRecord()).isEqualTo(5);
    }

    @Test
    void eachRoundBeginsWithAnotherConsumer() {
        assertThat(List.of(1, 2, 3))
                .extracting(round -> LatencyBench.order(round).get(0))
                .containsExactlyInAnyOrder(ConsumerKind.values());
        assertThat(LatencyBench.order(2)).containsExactlyInAnyOrder(ConsumerKind.values());
    }

    private static LatencyResult result(ConsumerKind consumer, int round, double p50, double others) {
        return new LatencyResult(100, consumer, round, new LatencyFigures(10, p50, others, others, others, p50));
    }
}
