package dev.surefoot.cli.simulate;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.simulation.search.ExhaustiveSearch;
import dev.surefoot.testkit.simulation.search.FaultBudget;
import dev.surefoot.testkit.simulation.search.SearchReport;
import dev.surefoot.testkit.simulation.search.WorldSettings;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.ExitCode;

/**
 * Tries every order of events in a small world.
 *
 * @param faults how many faults may happen in all, 0 or more; no fault happens more than twice
 */
record SearchRun(int faults) {

    private static final int EACH_FAULT = 2;
    private static final int ANY_DEPTH = Integer.MAX_VALUE;

    /**
     * Searches and prints the result.
     *
     * @return the exit code
     * @throws CommandFailure if it is stopped before the end; the result until then is printed first
     */
    int run(Console console, Termination termination, Printout printout) {
        SearchSummary summary = new SearchSummary(search(console, termination));
        printout.text().println(summary.figures());
        summary.findings().forEach(printout.text()::println);
        printout.end(summary::json);
        if (summary.report().violation() == null && !summary.report().exhausted()) {
            throw CommandFailure.atRunTime("stopped before the end");
        }
        return summary.holds() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private SearchReport search(Console console, Termination termination) {
        AtomicLong goneInto = new AtomicLong();
        try (Progress progress = Progress.startOfUnknownLength(console, "states")) {
            return ExhaustiveSearch.run(
                    WorldSettings.shipped(), FaultBudget.ofEach(EACH_FAULT, faults), ANY_DEPTH, () -> {
                        progress.reached(goneInto.incrementAndGet());
                        return termination.isAsked();
                    });
        }
    }
}
