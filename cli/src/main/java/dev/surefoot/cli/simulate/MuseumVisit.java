package dev.surefoot.cli.simulate;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.museum.KnownBad;
import dev.surefoot.testkit.museum.group.GroupExhibit;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ExitCode;

/**
 * Runs known-bad session handlers and members of groups until the simulator catches them.
 *
 * @param drawing returns the schedule of a seed
 * @param firstSeed where the first round begins; each round has seeds of its own
 */
record MuseumVisit(LongFunction<Schedule> drawing, long firstSeed) {

    /** How many schedules an exhibit may survive in a round. */
    static final int SCHEDULES_MOST = 1_000;

    /** All exhibits, those of sessions first. */
    static final List<KnownBad> EXHIBITS = Stream.<KnownBad>concat(Exhibit.ALL.stream(), GroupExhibit.ALL.stream())
            .toList();

    /**
     * Tries every exhibit this number of times and prints the result.
     *
     * @return the exit code
     * @throws CommandFailure if it is stopped before the end; the result until then is printed first
     */
    int seeAll(int rounds, Console console, Termination termination, Printout printout) {
        List<ExhibitResult> results = new ArrayList<>();
        try (Progress progress = Progress.start(console, "exhibits", EXHIBITS.size())) {
            for (KnownBad exhibit : EXHIBITS) {
                List<ExhibitTrial> trials = new ArrayList<>();
                for (int round = 0; round < rounds; round++) {
                    long seed = firstSeed + (long) round * SCHEDULES_MOST;
                    trials.add(ExhibitTrial.of(exhibit, drawing, seed, SCHEDULES_MOST, termination::isAsked));
                }
                if (termination.isAsked()) {
                    break;
                }
                results.add(new ExhibitResult(exhibit, trials));
                progress.reached(results.size());
            }
        }
        MuseumReport report = new MuseumReport(rounds, results);
        printout.text().println(report.table());
        if (!termination.isAsked()) {
            printout.text().println(verdict(report));
        }
        printout.end(report::json);
        if (results.size() < EXHIBITS.size()) {
            throw CommandFailure.atRunTime("stopped after " + results.size() + " of " + EXHIBITS.size() + " exhibits");
        }
        return report.holds() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /**
     * Shows how one exhibit is caught.
     *
     * @param schedulesMost how many schedules it may survive
     * @return the exit code
     */
    int see(KnownBad exhibit, int schedulesMost, Termination termination, Printout printout) {
        ExhibitTrial trial = ExhibitTrial.of(exhibit, drawing, firstSeed, schedulesMost, termination::isAsked);
        ExhibitResult result = new ExhibitResult(exhibit, List.of(trial));
        printout.text().println(exhibit.id() + ": " + exhibit.title() + " (" + exhibit.source() + ")");
        if (trial.named() == null) {
            printout.text()
                    .printf(Locale.ROOT, "Not caught; schedules from seed %d on: %,d%n", firstSeed, trial.schedules());
        } else {
            printout.text().println();
            trial.story().get().forEach(printout.text()::println);
            if (!result.isNamedRightly()) {
                printout.text().println("It should have been caught by " + exhibit.invariant() + ".");
            }
        }
        printout.end(() -> new MuseumReport(1, List.of(result)).json());
        return result.isNamedRightly() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static String verdict(MuseumReport report) {
        if (report.holds()) {
            return report.results().size() + " exhibits were caught, each by the invariant that it breaks.";
        }
        return "Not caught, or by another invariant: "
                + report.results().stream()
                        .filter(each -> !each.isNamedRightly())
                        .map(each -> each.exhibit().id())
                        .collect(Collectors.joining(", "));
    }
}
