package dev.surefoot.cli.simulate;

import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.simulation.Outcome;
import dev.surefoot.testkit.simulation.Simulation;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Schedules that were run with an exhibit until one broke a property.
 *
 * @param schedules how many were run, the one that caught it included
 * @param caught the run that caught it, or null if none did
 */
record ExhibitTrial(int schedules, @Nullable Outcome caught) {

    /**
     * Runs one seed after the other.
     *
     * @param drawing returns the schedule of a seed
     * @param most the most seeds to run
     * @param stop called before each; a stopped trial has caught nothing
     */
    static ExhibitTrial of(
            Exhibit exhibit, LongFunction<Schedule> drawing, long firstSeed, int most, BooleanSupplier stop) {
        int done = 0;
        while (done < most && !stop.getAsBoolean()) {
            Outcome outcome = Simulation.run(drawing.apply(firstSeed + done), exhibit.seams(), false);
            done++;
            if (outcome.violation() != null) {
                return new ExhibitTrial(done, outcome);
            }
        }
        return new ExhibitTrial(done, null);
    }

    /** Returns the property that was named, or null if nothing was caught. */
    @Nullable String named() {
        return caught == null || caught.violation() == null
                ? null
                : caught.violation().property();
    }
}
