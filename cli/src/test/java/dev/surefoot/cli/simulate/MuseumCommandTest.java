package dev.surefoot.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.museum.KnownBad;
import dev.surefoot.testkit.museum.group.GroupExhibit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MuseumCommandTest {

    @Test
    void everyExhibitIsCaughtAndShown() throws IOException {
        CommandOutput museum = CommandOutput.of("simulate", "--museum", "--json");

        assertThat(museum.exitCode()).isZero();
        JsonNode exhibits = new ObjectMapper().readTree(museum.out()).get("exhibits");
        assertThat(exhibits).hasSameSizeAs(MuseumVisit.EXHIBITS);
        assertThat(exhibits.get(0).toString())
                .matches("\\{\"id\":\"F1\",\"caught\":true,\"schedules\":\\d+,\"invariant\":\"I1\"}");
        for (int i = 0; i < MuseumVisit.EXHIBITS.size(); i++) {
            KnownBad exhibit = MuseumVisit.EXHIBITS.get(i);
            assertThat(exhibits.get(i).get("id").textValue()).isEqualTo(exhibit.id());
            assertThat(exhibits.get(i).get("caught").booleanValue()).isTrue();
            assertThat(exhibits.get(i).get("invariant").textValue()).isEqualTo(exhibit.invariant());
            assertThat(museum.err()).contains(exhibit.title(), exhibit.source());
        }
    }

    @Test
    void theStoryOfAnExhibitEndsWhereTheTwoSidesDoNotFit() {
        CommandOutput story = CommandOutput.of("simulate", "--exhibit", "f1");

        assertThat(story.exitCode()).isZero();
        assertThat(story.out())
                .startsWith("F1: " + Exhibit.F1.title())
                .contains("breaks I1: ", "Shrunk from ", "client -> broker ", "!! I1: ");
    }

    @Test
    void theStoryOfAMemberNamesItsSteps() {
        CommandOutput story = CommandOutput.of("simulate", "--exhibit", "gf5");

        assertThat(story.exitCode()).isZero();
        assertThat(story.out())
                .startsWith("GF5: " + GroupExhibit.ALL.get(0).title())
                .contains(" breaks G6", "Shrunk from ", "!! G6: ");
    }

    @Test
    void anExhibitMayBeCaughtByAnotherSeed() {
        CommandOutput found = CommandOutput.of("simulate", "--exhibit", "F6", "--first-seed", "50", "--json");
        CommandOutput replayed = CommandOutput.of("simulate", "--exhibit", "F6", "--seed", seedIn(found));

        assertThat(found.exitCode()).isZero();
        assertThat(found.out()).startsWith("{\"exhibits\":[{\"id\":\"F6\",\"caught\":true,");
        assertThat(replayed.exitCode()).isZero();
        assertThat(replayed.out()).contains("Seed " + seedIn(found) + " breaks I8");
    }

    @Test
    void anExhibitThatSurvivesIsAFailure() {
        CommandOutput survived = CommandOutput.of(
                "simulate", "--exhibit", "A5", "--seed", "1", "--without", "WRONG_SESSION_ID", "--json");

        assertThat(survived.exitCode()).isEqualTo(1);
        assertThat(survived.out())
                .isEqualToIgnoringNewLines(
                        "{\"exhibits\":[{\"id\":\"A5\",\"caught\":false,\"schedules\":1,\"invariant\":null}]}");
        assertThat(survived.err()).contains("Not caught; schedules from seed 1 on: 1");
    }

    @Test
    void anExhibitThatIsCaughtByTheWrongInvariantIsAFailure() {
        Exhibit mislabelled = new Exhibit("T1", "as F1", "nowhere", "I31", Exhibit.F1.seams());
        ExhibitTrial trial = ExhibitTrial.of(
                mislabelled, new ScheduleOptions().drawing(), 1, MuseumVisit.SCHEDULES_MOST, () -> false);
        ExhibitTrial survived = ExhibitTrial.survived(MuseumVisit.SCHEDULES_MOST);
        ExhibitResult wrong = new ExhibitResult(mislabelled, List.of(trial, survived));

        assertThat(wrong.named()).isEqualTo("I1");
        assertThat(wrong.isCaught()).isFalse();
        assertThat(wrong.isNamedRightly()).isFalse();
        assertThat(new ExhibitResult(mislabelled, List.of(trial)).isCaught()).isTrue();
        assertThat(new MuseumReport(2, List.of(wrong)).holds()).isFalse();
        assertThat(new MuseumReport(2, List.of(wrong)).table())
                .contains("mean schedules", "%.1f".formatted((trial.schedules() + 1_000) / 2.0));
    }

    @Test
    void eachRoundHasItsOwnSeeds() throws IOException {
        List<Long> first = schedules("--first-seed", "1");
        List<Long> second = schedules("--first-seed", "1001");
        List<Long> mean = schedules("--rounds", "2");

        assertThat(second).isNotEqualTo(first);
        for (int i = 0; i < mean.size(); i++) {
            assertThat(mean.get(i)).isEqualTo(Math.round((first.get(i) + second.get(i)) / 2.0));
        }
    }

    private static List<Long> schedules(String option, String value) throws IOException {
        CommandOutput museum = CommandOutput.of("simulate", "--museum", option, value, "--json");
        List<Long> schedules = new ArrayList<>();
        for (JsonNode exhibit : new ObjectMapper().readTree(museum.out()).get("exhibits")) {
            schedules.add(exhibit.get("schedules").longValue());
        }
        return schedules;
    }

    private static String seedIn(CommandOutput story) {
        return story.err().replaceFirst("(?s).*Seed (\\d+) breaks.*", "$1");
    }
}
