package dev.surefoot.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.consumer.Consumers;
import dev.surefoot.testkit.simulation.schedule.Act;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CampaignCommandTest {
    /** The fields of the JSON, in their order. */
    private static final List<String> NAMES =
            List.of("schedules", "violations", "firstSeed", "seconds", "faults", "verdicts", "causes", "groupStates");

    @Test
    void aCampaignTellsItsFigures() {
        CommandOutput campaign = simulate("--schedules", "200", "--first-seed", "7", "--threads", "2");

        assertThat(campaign.exitCode()).isZero();
        assertThat(campaign.out())
                .contains("Schedules from seed 7 on: 200, on 2 threads")
                .containsPattern("\\| schedules +\\| +200 \\|")
                .containsPattern("\\| violations +\\| +0 \\|")
                .contains("schedules per second", "BROKER_CRASH", "ACCEPTED_CONTINUED", "No property was broken.");
    }

    @Test
    void progressIsTheOnlyThingOnStandardError() {
        CommandOutput campaign = simulate("--schedules", "200", "--first-seed", "7");

        assertThat(campaign.err().lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("schedules: [\\d,]+ of 200 \\([\\d,]+/s\\)"));
    }

    @Test
    void theJsonHasTheShapeThatProgramsRelyOn() throws IOException {
        CommandOutput campaign = simulate("--schedules", "100", "--first-seed", "7", "--json");

        assertThat(campaign.exitCode()).isZero();
        assertThat(campaign.out().lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(campaign.out());
        assertThat(names(json)).isEqualTo(NAMES);
        assertThat(json.get("schedules").longValue()).isEqualTo(100);
        assertThat(json.get("violations").longValue()).isZero();
        assertThat(json.get("firstSeed").longValue()).isEqualTo(7);
        assertThat(json.get("seconds").isNumber()).isTrue();
        assertThat(names(json.get("faults")))
                .containsExactlyElementsOf(
                        Arrays.stream(Act.values()).map(Act::name).toList());
        assertThat(json.get("faults").get("WRITTEN").longValue()).isPositive();
        assertThat(json.get("verdicts").get("ACCEPTED_OPENED").longValue()).isPositive();
        assertThat(campaign.err()).contains("schedules per second");
    }

    @Test
    void theSameSeedsGiveTheSameCounts() throws IOException {
        String[] options = {"--schedules", "150", "--first-seed", "3", "--json"};
        JsonNode alone = json(Stream.concat(Stream.of(options), Stream.of("--threads", "1")));
        JsonNode together = json(Stream.concat(Stream.of(options), Stream.of("--threads", "3")));

        assertThat(together.get("faults")).isEqualTo(alone.get("faults"));
        assertThat(together.get("verdicts")).isEqualTo(alone.get("verdicts"));
    }

    @Test
    void actsThatAreSwitchedOffDoNotHappen() throws IOException {
        JsonNode json = json(Stream.of(
                "--schedules",
                "100",
                "--first-seed",
                "1",
                "--size",
                "Small",
                "--without",
                "written,cut-now",
                "--without",
                "BROKER_CRASH",
                "--weight",
                "SEEK=200",
                "--json"));

        JsonNode faults = json.get("faults");
        assertThat(faults.get("WRITTEN").longValue()).isZero();
        assertThat(faults.get("CUT_NOW").longValue()).isZero();
        assertThat(faults.get("BROKER_CRASH").longValue()).isZero();
        assertThat(faults.get("SEEK").longValue())
                .isGreaterThan(3 * faults.get("PAUSE").longValue());
    }

    @Test
    void withoutAFirstSeedTheClockGivesOneThatIsPrinted() {
        CommandOutput campaign = simulate("--schedules", "1");

        assertThat(campaign.exitCode()).isZero();
        assertThat(campaign.out()).containsPattern("Schedules from seed \\d{16} on: 1,");
    }

    @Test
    void aRequestToStopEndsItSoonWithASummaryOfWhatWasDone() {
        Termination termination = new Termination();
        termination.ask();

        CommandOutput campaign = CommandOutput.with(
                Consumers::surefoot,
                termination,
                "simulate",
                "--schedules",
                "1000000000",
                "--first-seed",
                "1",
                "--json");

        assertThat(campaign.exitCode()).isEqualTo(1);
        assertThat(campaign.err()).contains("surefoot simulate: stopped after 0 of 1,000,000,000 schedules");
        assertThat(campaign.out()).startsWith("{\"schedules\":0,\"violations\":0,\"firstSeed\":1,");
    }

    @Test
    void aSeedThatHoldsIsToldOnlyIfAskedTo() {
        CommandOutput brief = simulate("--seed", "5");
        CommandOutput told = simulate("--seed", "5", "--story");

        assertThat(brief.exitCode()).isZero();
        assertThat(brief.out()).startsWith("Seed 5 holds: ").hasLineCount(1);
        assertThat(brief.err()).isEmpty();
        assertThat(told.exitCode()).isZero();
        assertThat(told.out()).contains("client -> broker ", "application gets ", "Seed 5 holds: ");
    }

    @Test
    void aSeedHasTheJsonOfACampaignOfOne() throws IOException {
        JsonNode json = json(Stream.of("--seed", "5", "--json"));

        assertThat(names(json)).isEqualTo(NAMES);
        assertThat(json.get("schedules").longValue()).isEqualTo(1);
        assertThat(json.get("firstSeed").longValue()).isEqualTo(5);
    }

    private static JsonNode json(Stream<String> options) throws IOException {
        return new ObjectMapper()
                .readTree(simulate(options.toArray(String[]::new)).out());
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static CommandOutput simulate(String... options) {
        return CommandOutput.of(
                Stream.concat(Stream.of("simulate"), Stream.of(options)).toArray(String[]::new));
    }
}
