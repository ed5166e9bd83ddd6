package dev.surefoot.cli.simulate;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.CampaignReport;
import dev.surefoot.testkit.simulation.FailureReport;
import dev.surefoot.testkit.simulation.Outcome;
import dev.surefoot.testkit.simulation.Simulation;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.ExitCode;

/**
 * Runs the schedule of one seed.
 *
 * @param subject what takes the place of shipped parts
 * @param withStory whether the story is printed also if all properties hold
 */
record SeedReplay(Schedule schedule, Seams subject, boolean withStory) {

    /** Runs it and prints the result; returns the exit code. */
    int run(Printout printout) {
        long start = System.nanoTime();
        Outcome outcome = Simulation.run(schedule, subject, withStory);
        double seconds = (System.nanoTime() - start) / 1e9;
        boolean holds = outcome.violation() == null;
        tell(outcome, printout.text());
        printout.end(() -> new CampaignSummary(
                        schedule.seed(),
                        new CampaignReport(
                                1,
                                holds ? 0 : 1,
                                holds ? List.of() : List.of(outcome),
                                seconds,
                                outcome.happened(),
                                outcome.verdicts(),
                                outcome.causes(),
                                outcome.states()))
                .json());
        return holds ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void tell(Outcome outcome, PrintStream text) {
        if (outcome.violation() != null) {
            FailureReport.of(outcome, subject).lines().forEach(text::println);
            return;
        }
        outcome.story().forEach(text::println);
        text.println("Seed " + schedule.seed() + " holds: "
                + schedule.events().size() + " events, no property was broken"
                + (withStory ? "" : " (--story tells the run)"));
    }
}
