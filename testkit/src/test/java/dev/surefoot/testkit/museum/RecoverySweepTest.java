package dev.surefoot.testkit.museum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.testkit.simulation.Shrinker;
import dev.surefoot.testkit.simulation.UnjudgedRun;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.ScheduleFile;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In many random schedules, what makes a known-bad handler stand still does not do so when the guard mends what
 * it finds. Prints a line of figures for each exhibit.
 */
@Tag("soak")
class RecoverySweepTest {
    private static final long FIRST_SEED = Long.getLong("surefoot.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("surefoot.exhibit.schedules", 500);

    static List<Exhibit> exhibits() {
        return Exhibit.ALL;
    }

    /** What came of the schedules of one exhibit. */
    private static final class Sweep {
        private final Map<String, Integer> without = new TreeMap<>();
        private final Set<Action> steps = new TreeSet<>();
        private final List<String> wrong = new ArrayList<>();
        private final List<Schedule> standstills = new ArrayList<>();
        private int mended;

        void run(Schedule schedule, Exhibit exhibit) {
            UnjudgedRun off = UnjudgedRun.of(schedule, exhibit.seams(), RecoveryLevel.OFF);
            without.merge(off.violation() == null ? "read" : off.violation().property(), 1, Integer::sum);
            if (off.violation() != null && !off.standsStill()) {
                return; // it delivers what is wrong, or breaks the wire; no guard can undo that
            }
            UnjudgedRun on = UnjudgedRun.of(schedule, exhibit.seams(), RecoveryLevel.CONNECTION);
            if (off.standsStill()) {
                standstills.add(schedule);
                on.steps().stream().map(RecoveryStep::action).forEach(steps::add);
                mended += on.violation() == null ? 1 : 0;
            }
            if (on.violation() != null) {
                wrong.add("seed " + schedule.seed() + ": " + on.violation().getMessage() + ", steps " + on.steps()
                        + ", named " + on.unread());
            }
        }

        String line(Exhibit exhibit) {
            return String.format(
                    "%s: without recovery %s; with it %d of %d that stood still read to the end; steps %s",
                    exhibit.id(), without, mended, standstills.size(), steps);
        }
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void whatStandsStillWithoutTheGuardReadsToTheEndWithIt(Exhibit exhibit) {
        Sweep sweep = sweep(exhibit);

        System.out.println(sweep.line(exhibit));
        assertThat(sweep.wrong).isEmpty();
    }

    private static Sweep sweep(Exhibit exhibit) {
        Scheduler scheduler = new Scheduler(ActWeights.usual());
        Sweep sweep = new Sweep();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
            sweep.run(scheduler.draw(seed), exhibit);
        }
        return sweep;
    }

    /** Writes a small schedule for each exhibit that stands still in one, into the folder named first. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        for (Exhibit exhibit : exhibits()) {
            Sweep sweep = sweep(exhibit);
            System.out.println(sweep.line(exhibit));
            sweep.wrong.forEach(line -> System.out.println("  " + line));
            int written = 0;
            for (Schedule schedule : sweep.standstills) {
                if (written++ < 2) {
                    write(folder, exhibit, schedule);
                }
            }
        }
    }

    private static void write(Path folder, Exhibit exhibit, Schedule schedule) throws IOException {
        Schedule small = Shrinker.shrink(
                schedule,
                candidate -> UnjudgedRun.of(candidate, exhibit.seams(), RecoveryLevel.OFF)
                        .standsStill());
        Files.writeString(folder.resolve(exhibit.id() + "-" + schedule.seed() + ".json"), ScheduleFile.write(small));
    }
}
