package dev.surefoot.testkit.museum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.testkit.simulation.ScheduleFolder;
import dev.surefoot.testkit.simulation.UnjudgedRun;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.ScheduleFile;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What makes a known-bad handler stand still for ever does not do so when the guard mends what it finds (W22). {@link
 * RecoverySweepTest} writes the schedules, and looks for more.
 */
class RecoveryExhibitTest {
    /** The exhibits that stand still in some schedule. */
    private static final Set<String> STAND_STILL = Set.of("F1", "F2", "F9", "F10", "F18", "F20");
    /** Schedules of each of the other exhibits; the sweep has hundreds. */
    private static final int SCHEDULES = 8;

    static List<Path> standstills() throws IOException, URISyntaxException {
        return ScheduleFolder.files("standstills");
    }

    private static String exhibitOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.indexOf('-'));
    }

    @ParameterizedTest
    @MethodSource("standstills")
    void readsToTheEndWithTheGuardWhereItStandsStillWithout(Path file) {
        Exhibit exhibit = Exhibit.byId(exhibitOf(file));
        Schedule schedule = ScheduleFile.read(file);

        UnjudgedRun left = UnjudgedRun.of(schedule, exhibit.seams(), RecoveryLevel.OFF);
        UnjudgedRun mended = UnjudgedRun.of(schedule, exhibit.seams(), RecoveryLevel.CONNECTION);

        assertThat(left.standsStill()).as("without the guard: %s", left).isTrue();
        assertThat(left.steps()).isEmpty();
        assertThat(mended.violation()).as("with the guard: %s", mended).isNull();
    }

    static List<Exhibit> exhibits() {
        return Exhibit.ALL;
    }

    /** In most schedules nothing stands still, and then the guard changes nothing of what the application gets. */
    @ParameterizedTest
    @MethodSource("exhibits")
    void theGuardBreaksNothing(Exhibit exhibit) {
        Scheduler scheduler = new Scheduler(ActWeights.usual());
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            Schedule schedule = scheduler.draw(seed);
            UnjudgedRun left = UnjudgedRun.of(schedule, exhibit.seams(), RecoveryLevel.OFF);
            if (left.violation() == null) {
                UnjudgedRun guarded = UnjudgedRun.of(schedule, exhibit.seams(), RecoveryLevel.CONNECTION);
                assertThat(guarded.violation()).as("seed %d: %s", seed, guarded).isNull();
            } else {
                assertThat(left.standsStill() && !STAND_STILL.contains(exhibit.id()))
                        .as("seed %d, %s", seed, left)
                        .isFalse();
            }
        }
    }

    @Test
    void allThatStandStillHaveSchedules() throws IOException, URISyntaxException {
        assertThat(standstills().stream().map(RecoveryExhibitTest::exhibitOf).collect(Collectors.toSet()))
                .isEqualTo(STAND_STILL);
    }

    @Test
    void sessionsAreNotLeftForAnyOfThem() throws IOException, URISyntaxException {
        Set<Action> taken = new TreeSet<>();
        for (Path file : standstills()) {
            UnjudgedRun.of(
                            ScheduleFile.read(file),
                            Exhibit.byId(exhibitOf(file)).seams(),
                            RecoveryLevel.CONNECTION)
                    .steps()
                    .forEach(step -> taken.add(step.action()));
        }

        assertThat(taken).contains(Action.VERIFY, Action.REANNOUNCE).doesNotContain(Action.LEAVE_SESSIONS);
    }
}
