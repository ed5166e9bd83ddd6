package dev.surefoot.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every known-bad session handler is caught within a thousand schedules, by the invariant that it breaks. */
class MuseumTest {
    private static final int SCHEDULES_MOST = 1_000;

    static List<Exhibit> exhibits() {
        return Exhibit.ALL;
    }

    /** The outcomes with a violation, each run only when it is asked for. */
    private static Stream<Outcome> failures(Exhibit exhibit, long firstSeed) {
        Scheduler scheduler = new Scheduler(ActWeights.usual());
        return LongStream.range(firstSeed, firstSeed + SCHEDULES_MOST)
                .mapToObj(seed -> Simulation.run(scheduler.draw(seed), exhibit.seams(), false))
                .filter(outcome -> outcome.violation() != null);
    }

    private static String property(Outcome failure) {
        return Objects.requireNonNull(failure.violation()).property();
    }

    /** In rare schedules a consequence of the bug shows before the bug itself does, so others may come first. */
    @ParameterizedTest
    @MethodSource("exhibits")
    void isCaughtByTheRightInvariant(Exhibit exhibit) {
        long firstSeed = ThreadLocalRandom.current().nextLong(1L << 40);

        boolean caught = failures(exhibit, firstSeed).map(MuseumTest::property).anyMatch(exhibit.invariant()::equals);

        assertThat(caught)
                .as("%s is caught by %s with the seeds from %d on", exhibit.id(), exhibit.invariant(), firstSeed)
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void itsStoryIsShortAndEndsWhereTheTwoSidesPart(Exhibit exhibit) {
        Outcome failure = failures(exhibit, 1)
                .findFirst()
                .orElseThrow(() -> new AssertionError(exhibit.id() + " was not caught by the seeds from 1 on"));

        FailureReport report = FailureReport.of(failure, exhibit.seams());

        assertThat(report.violation().property()).isEqualTo(exhibit.invariant());
        assertThat(report.schedule().events()).hasSizeLessThanOrEqualTo(6);
        assertThat(report.lines()).anyMatch(line -> line.contains("!! " + exhibit.invariant()));
    }
}
