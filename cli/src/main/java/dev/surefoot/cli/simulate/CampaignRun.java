package dev.surefoot.cli.simulate;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.Campaign;
import dev.surefoot.testkit.simulation.CampaignReport;
import dev.surefoot.testkit.simulation.FailureReport;
import dev.surefoot.testkit.simulation.Outcome;
import dev.surefoot.testkit.simulation.check.RequiredStates;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ExitCode;

/**
 * Runs many schedules.
 *
 * @param subject what takes the place of shipped parts
 * @param firstSeed the seed of the first
 * @param schedules how many, 1 or more
 * @param threads how many run at a time, 1 or more
 */
record CampaignRun(ScheduleOptions options, Seams subject, long firstSeed, long schedules, int threads) {

    private static final int SEEDS_NAMED = 10;

    /**
     * Runs all schedules, shows the progress, and prints the result.
     *
     * @return the exit code
     * @throws CommandFailure if it is stopped before the end; the result until then is printed first
     */
    int run(Console console, Termination termination, Printout printout) {
        Campaign campaign = new Campaign(options.drawing(), subject, firstSeed, schedules);
        printout.text()
                .printf(Locale.ROOT, "Schedules from seed %d on: %,d, on %d threads%n", firstSeed, schedules, threads);
        CampaignSummary summary = new CampaignSummary(firstSeed, watched(campaign, console, termination));
        tell(summary, printout.text(), termination);
        printout.end(summary::json);
        if (summary.report().schedules() < schedules) {
            throw CommandFailure.atRunTime(String.format(
                    Locale.ROOT,
                    "stopped after %,d of %,d schedules",
                    summary.report().schedules(),
                    schedules));
        }
        return summary.report().violations() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private CampaignReport watched(Campaign campaign, Console console, Termination termination) {
        try (Progress progress = Progress.start(console, "schedules", schedules)) {
            CampaignReport report = campaign.run(threads, () -> {
                show(campaign, progress);
                return termination.isAsked();
            });
            show(campaign, progress);
            return report;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.atRunTime("interrupted", e);
        }
    }

    private static void show(Campaign campaign, Progress progress) {
        progress.reached(campaign.done());
        long violations = campaign.violations();
        if (violations > 0) {
            String seeds = named(campaign.failingSeeds(SEEDS_NAMED), violations);
            progress.remark(String.format(Locale.ROOT, "%,d violations: seeds %s", violations, seeds));
        }
    }

    private static String named(List<Long> first, long all) {
        return first.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + (all > first.size() ? ", …" : "");
    }

    private void tell(CampaignSummary summary, PrintStream text, Termination termination) {
        text.println(summary.acts());
        text.println(summary.verdicts());
        if (!summary.report().states().all().isEmpty()) {
            text.println(summary.states());
            List<String> missing = RequiredStates.missingIn(summary.report().states());
            text.println("Of the " + RequiredStates.all().size() + " states that a campaign of a million has to reach "
                    + RequiredStates.LEAST + " times each, these were not reached so often: "
                    + (missing.isEmpty() ? "none" : String.join(", ", missing)));
        }
        text.println(summary.figures());
        List<Outcome> failures = summary.report().failures();
        if (failures.isEmpty()) {
            text.println("No property was broken.");
            return;
        }
        List<Long> seeds = failures.stream()
                .limit(SEEDS_NAMED)
                .map(each -> each.schedule().seed())
                .toList();
        text.println("Failing seeds: " + named(seeds, failures.size()));
        Outcome first = failures.get(0);
        text.println("To see the first again: surefoot simulate --seed "
                + first.schedule().seed() + options.asTyped());
        // Shrinking may take many runs, so a stopped campaign does not shrink.
        if (!termination.isAsked()) {
            text.println();
            FailureReport.of(first, subject).lines().forEach(text::println);
        }
    }
}
