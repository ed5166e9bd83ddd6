package dev.surefoot.cli.simulate;

import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.museum.KnownBad;
import dev.surefoot.testkit.museum.group.GroupExhibit;
import dev.surefoot.testkit.simulation.FailureReport;
import dev.surefoot.testkit.simulation.Outcome;
import dev.surefoot.testkit.simulation.Simulation;
import dev.surefoot.testkit.simulation.group.GroupWalk;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Schedules that were run with an exhibit until one broke a property.
 *
 * @param schedules how many were run, the one that caught it included
 * @param named the property that was named, or null if nothing was caught
 * @param story tells how it was caught; nothing if it was not
 */
record ExhibitTrial(int schedules, @Nullable String named, Supplier<List<String>> story) {

    /** Runs a seed; the trial if it catches the exhibit, or null. */
    private interface Run {
        @Nullable ExhibitTrial of(long seed, int done);
    }

    /** The trial of an exhibit that has survived so many schedules. */
    static ExhibitTrial survived(int schedules) {
        return new ExhibitTrial(schedules, null, List::of);
    }

    /**
     * Runs one seed after the other.
     *
     * @param drawing returns the schedule of a seed, for exhibits of sessions
     * @param most the most seeds to run
     * @param stop called before each; a stopped trial has caught nothing
     */
    static ExhibitTrial of(
            KnownBad exhibit, LongFunction<Schedule> drawing, long firstSeed, int most, BooleanSupplier stop) {
        Run run = exhibit instanceof GroupExhibit ofGroup
                ? (seed, done) -> walk(ofGroup, seed, done)
                : (seed, done) -> simulate((Exhibit) exhibit, drawing.apply(seed), done);
        int done = 0;
        while (done < most && !stop.getAsBoolean()) {
            ExhibitTrial caught = run.of(firstSeed + done, done + 1);
            done++;
            if (caught != null) {
                return caught;
            }
        }
        return survived(done);
    }

    private static @Nullable ExhibitTrial simulate(Exhibit exhibit, Schedule schedule, int done) {
        Outcome outcome = Simulation.run(schedule, exhibit.seams(), false);
        return outcome.violation() == null
                ? null
                : new ExhibitTrial(
                        done,
                        outcome.violation().property(),
                        () -> FailureReport.of(outcome, exhibit.seams()).lines());
    }

    private static @Nullable ExhibitTrial walk(GroupExhibit exhibit, long seed, int done) {
        GroupWalk walk = GroupWalk.of(exhibit.settings(), seed);
        String named = walk.invariant();
        return named == null ? null : new ExhibitTrial(done, named, () -> story(exhibit, walk, seed));
    }

    private static List<String> story(GroupExhibit exhibit, GroupWalk walk, long seed) {
        GroupWalk shortest = walk.shrunk(exhibit.settings(), seed);
        List<String> story = new ArrayList<>();
        story.add("Seed " + seed + " breaks " + walk.invariant());
        story.add("Shrunk from " + walk.steps().size() + " steps to "
                + shortest.steps().size() + ":");
        story.addAll(shortest.story(exhibit.settings(), seed));
        return story;
    }
}
