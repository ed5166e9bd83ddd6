package dev.surefoot.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.museum.Exhibit;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the command says of a consumer that is not sound; the shipped one gives it no occasion. */
class BrokenSubjectTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(out, new PrintStream(err, true, StandardCharsets.UTF_8), 0);
    private final ScheduleOptions options = new ScheduleOptions();

    @Test
    void aCampaignNamesTheFailingSeedsAndTellsTheFirst() {
        int exitCode = new CampaignRun(options, Exhibit.F1.seams(), 1, 100, 2)
                .run(console, new Termination(), new Printout(console, false));

        assertThat(exitCode).isEqualTo(1);
        String text = out.toString(StandardCharsets.UTF_8);
        String first = text.replaceFirst("(?s).*Failing seeds: (\\d+), .*", "$1");
        assertThat(text)
                .contains("To see the first again: surefoot simulate --seed " + first)
                .contains("Seed " + first + " breaks I1: ", "!! I1: ");
        assertThat(err.toString(StandardCharsets.UTF_8)).containsPattern("schedules: 100 of 100 .*, \\d+ violations");
    }

    @Test
    void theJsonOfACampaignCountsViolations() {
        int exitCode = new CampaignRun(options, Exhibit.F1.seams(), 1, 100, 2)
                .run(console, new Termination(), new Printout(console, true));

        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches("(?s)\\{\"schedules\":100,\"violations\":[1-9]\\d*,\"firstSeed\":1,.*}\\s*")
                .hasLineCount(1);
    }

    @Test
    void aFailingSeedIsShrunkAndTold() {
        ExhibitTrial trial = ExhibitTrial.of(Exhibit.F1, options.drawing(), 1, 1_000, () -> false);
        long seed = trial.schedules();

        int exitCode = new SeedReplay(options.drawing().apply(seed), Exhibit.F1.seams(), false)
                .run(new Printout(console, false));

        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("Seed " + seed + " breaks I1: ")
                .contains("Shrunk from ", "!! I1: ");
    }
}
