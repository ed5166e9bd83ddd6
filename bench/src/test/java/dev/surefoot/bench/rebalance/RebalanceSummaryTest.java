package dev.surefoot.bench.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RebalanceSummaryTest {

    @Test
    void theMediansAreThoseOfTheCountedRoundsOfEachConsumer() {
        List<RebalanceSummary> summaries = RebalanceSummary.of(List.of(
                result(Subject.SUREFOOT, Change.JOIN, 0, 900),
                result(Subject.SUREFOOT, Change.JOIN, 1, 10),
                result(Subject.SUREFOOT, Change.LEAVE, 1, 20),
                result(Subject.KAFKA, Change.JOIN, 1, 30),
                result(Subject.SUREFOOT, Change.JOIN, 2, 14),
                result(Subject.SUREFOOT, Change.JOIN, 3, 11)));

        assertThat(summaries).extracting(RebalanceSummary::change).containsExactly(Change.JOIN, Change.LEAVE);
        RebalanceSummary join = summaries.get(0);
        assertThat(join.median(Subject.SUREFOOT, RebalanceFigures::flowingAgainMillis))
                .contains(11.0);
        assertThat(join.median(Subject.KAFKA, RebalanceFigures::flowingAgainMillis))
                .contains(30.0);
        assertThat(join.rounds()).isEqualTo(1);
        assertThat(summaries.get(1).median(Subject.KAFKA, RebalanceFigures::flowingAgainMillis))
                .isEmpty();
        assertThat(summaries.get(1).rounds()).isEqualTo(1);
    }

    private static RebalanceResult result(Subject subject, Change change, int round, double millis) {
        return new RebalanceResult(
                subject, GroupKind.CONSUMER, 3, round, new RebalanceFigures(change, millis, 1, 1, 1, 1, 1, 1));
    }
}
