package dev.surefoot.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every known-bad session handler is caught within a thousand schedules, by the invariant that it breaks. */
class MuseumTest {
    private static final int SCHEDULES_MOST = 1_000;

    static List<Exhibit> exhibits() {
        return Exhibit.ALL;
    }

    private static Outcome firstFailure(Exhibit exhibit, long firstSeed) {
        Scheduler scheduler = new Scheduler(ActWeights.usual());
        for (long seed = firstSeed; seed < firstSeed + SCHEDULES_MOST; seed++) {
            Outcome outcome = Simulation.run(scheduler.draw(seed), exhibit.seams(), false);
            if (outcome.violation() != null) {
                return outcome;
            }
        }
        throw new AssertionError(exhibit.id() + " was not caught by the seeds from " + firstSeed + " on");
    }

    /** In rare schedules a consequence of the bug shows before the bug itself does, so others may come first. */
    @ParameterizedTest
    @MethodSource("exhibits")
    void isCaughtByTheRightInvariant(Exhibit exhibit) {
        long firstSeed = ThreadLocalRandom.current().nextLong(1L << 40);
        Scheduler scheduler = new Scheduler(ActWeights.usual());

        Set<String> broken = new TreeSet<>();
        for (long seed = firstSeed;
                seed < firstSeed + SCHEDULES_MOST && !broken.contains(exhibit.invariant());
                seed++) {
            Violation violation =
                    Simulation.run(scheduler.draw(seed), exhibit.seams(), false).violation();
            if (violation != null) {
                broken.add(violation.property());
            }
        }

        assertThat(broken).as("seeds from %d on", firstSeed).contains(exhibit.invariant());
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void itsStoryIsShortAndEndsWhereTheTwoSidesPart(Exhibit exhibit) {
        Outcome failure = firstFailure(exhibit, 1);

        FailureReport report = FailureReport.of(failure, exhibit.seams());

        assertThat(report.violation().property()).isEqualTo(exhibit.invariant());
        assertThat(report.schedule().events()).hasSizeLessThanOrEqualTo(6);
        assertThat(report.lines()).anyMatch(line -> line.contains("!! " + exhibit.invariant()));
    }
}
