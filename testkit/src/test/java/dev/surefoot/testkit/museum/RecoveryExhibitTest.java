package dev.surefoot.testkit.museum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.progress.RecoveryStep.Outcome;
import dev.surefoot.testkit.simulation.UnjudgedRun;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes a known-bad handler stand still for ever does not do so when the guard mends what it finds. */
class RecoveryExhibitTest {
    private static final int SCHEDULES = 30;

    @ParameterizedTest
    @ValueSource(strings = {"F1", "F2"})
    void readsToTheEndWithTheGuardWhereItStandsStillWithout(String id) {
        Exhibit exhibit = Exhibit.byId(id);
        Scheduler scheduler = new Scheduler(ActWeights.usual());
        List<Long> stoodStill = new ArrayList<>();
        List<RecoveryStep> steps = new ArrayList<>();
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            Schedule schedule = scheduler.draw(seed);
            if (schedule.shape().group().exists()
                    || !standsStill(UnjudgedRun.of(schedule, exhibit.seams(), RecoveryLevel.OFF))) {
                continue;
            }
            stoodStill.add(seed);
            UnjudgedRun mended = UnjudgedRun.of(schedule, exhibit.seams(), RecoveryLevel.CONNECTION);
            assertThat(mended.violation()).as("seed %d", seed).isNull();
            assertThat(mended.steps()).as("seed %d", seed).isNotEmpty();
            steps.addAll(mended.steps());
        }
        assertThat(stoodStill).isNotEmpty();
        assertThat(steps).anyMatch(step -> step.action() == Action.REPLACE && step.outcome() == Outcome.HEALED);
    }

    private static boolean standsStill(UnjudgedRun run) {
        return run.violation() != null && run.violation().property().equals("L1");
    }
}
