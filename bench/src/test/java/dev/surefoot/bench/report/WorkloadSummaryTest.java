package dev.surefoot.bench.report;

import static dev.surefoot.bench.report.Rounds.round;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadSummaryTest {

    private final List<WorkloadSummary> summaries = WorkloadSummary.of(List.of(
            round("100B", "surefoot", 0, 1e6),
            round("100B", "kafka-classic", 0, 5e5),
            round("100B", "kafka-classic", 1, 2e6),
            round("100B", "surefoot", 1, 5e6),
            round("100B", "surefoot", 2, 7e6),
            round("100B", "kafka-classic", 2, 3e6),
            round("100B", "kafka-classic", 3, 1e6),
            round("100B", "surefoot", 3, 6e6),
            round("1KB", "librdkafka", 0, 4e5),
            round("1KB", "librdkafka", 1, 8e5)));

    @Test
    void workloadsAndClientsStandInTheOrderOfTheirFirstRounds() {
        assertThat(summaries).extracting(WorkloadSummary::workload).containsExactly("100B", "1KB");
        assertThat(summaries.get(0).clients())
                .extracting(ClientSummary::client)
                .containsExactly("surefoot", "kafka-classic");
    }

    @Test
    void theColdRoundIsNoPartOfTheMedians() {
        ClientSummary surefoot = summaries.get(0).client("surefoot").orElseThrow();

        assertThat(surefoot.cold()).contains(round("100B", "surefoot", 0, 1e6));
        assertThat(surefoot.spread(RoundFigures::recordsPerSecond)).contains(new Spread(6e6, 5e6, 7e6));
    }

    @Test
    void aRatioIsThatOfTheMedians() {
        ClientSummary surefoot = summaries.get(0).client("surefoot").orElseThrow();
        ClientSummary kafka = summaries.get(0).client("kafka-classic").orElseThrow();

        assertThat(surefoot.timesAsFastAs(kafka).orElseThrow()).isCloseTo(3.0, within(1e-9));
        assertThat(kafka.timesAsFastAs(surefoot).orElseThrow()).isCloseTo(1.0 / 3, within(1e-9));
    }

    @Test
    void whatAClientCannotTellIsEmpty() {
        ClientSummary librdkafka = summaries.get(1).client("librdkafka").orElseThrow();

        assertThat(librdkafka.median(RoundFigures::allocatedBytesPerRecord)).isEmpty();
        assertThat(librdkafka.median(RoundFigures::cpuSecondsPerGb)).contains(2.5);
    }
}
