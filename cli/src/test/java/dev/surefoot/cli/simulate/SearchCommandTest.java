package dev.surefoot.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.consumer.Consumers;
import dev.surefoot.testkit.simulation.search.SearchReport;
import dev.surefoot.testkit.simulation.search.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchCommandTest {

    @Test
    void aSearchWithoutFaultsTriesEverything() {
        CommandOutput search = CommandOutput.of("simulate", "--exhaustive", "--faults", "0", "--json");

        assertThat(search.exitCode()).isZero();
        assertThat(search.out().strip())
                .matches("\\{\"states\":\\d+,\"transitions\":\\d+,\"depth\":\\d+,\"exhausted\":true,"
                        + "\"longestRecovery\":\\d+,\"seconds\":[\\d.E-]+,\"violation\":null}");
        assertThat(search.err()).contains("states", "everything tried", "No order of events breaks an invariant");
    }

    @Test
    void aRequestToStopEndsItSoonWithWhatWasDone() {
        Termination termination = new Termination();
        termination.ask();

        CommandOutput search =
                CommandOutput.with(Consumers::surefoot, termination, "simulate", "--exhaustive", "--faults", "9");

        assertThat(search.exitCode()).isEqualTo(1);
        assertThat(search.out()).containsPattern("\\| everything tried +\\| +no \\|");
        assertThat(search.err()).contains("surefoot simulate: stopped before the end");
    }

    @Test
    void aViolationIsShownWithTheWayThere() {
        SearchReport.Violation violation =
                new SearchReport.Violation("I1", "I1: too much", List.of(Step.SEND, Step.RESTART), List.of("  1. one"));
        SearchSummary summary = new SearchSummary(new SearchReport(3, 4, 2, false, 1, 0.5, violation));

        assertThat(summary.holds()).isFalse();
        assertThat(summary.findings()).contains("Found: I1: too much", "  1. one");
        assertThat(summary.json())
                .hasToString("{\"states\":3,\"transitions\":4,\"depth\":2,\"exhausted\":false,\"longestRecovery\":1,"
                        + "\"seconds\":0.5,\"violation\":{\"invariant\":\"I1\",\"detail\":\"I1: too much\","
                        + "\"path\":[\"SEND\",\"RESTART\"]}}");
    }
}
