package dev.surefoot.testkit.simulation.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.Campaign;
import dev.surefoot.testkit.simulation.CampaignReport;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.HealthyScheduler;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where nothing goes wrong no stall is announced, and recovery does nothing. */
class HealthySchedulesTest {
    private static final int SCHEDULES = Integer.getInteger("surefoot.simulation.healthy", 2_000);

    private final HealthyScheduler scheduler = new HealthyScheduler();

    @Test
    void nothingIsAnnouncedWhereNothingGoesWrong() throws InterruptedException {
        CampaignReport report = new Campaign(scheduler::draw, Seams.NONE, 1, SCHEDULES)
                .run(Runtime.getRuntime().availableProcessors(), () -> false);

        assertThat(report.failures()).extracting(each -> each.violation()).isEmpty();
        assertThat(report.schedules()).isEqualTo(SCHEDULES);
        Map<StallCause, Map<Severity, Long>> causes = report.causes().all();
        assertThat(causes).containsKeys(StallCause.CAUGHT_UP, StallCause.PROGRESSING, StallCause.PAUSED);
        assertThat(causes.values())
                .allSatisfy(counts -> assertThat(counts).doesNotContainKeys(Severity.STALLED, Severity.FAILED));
    }

    @Test
    void aFaultMakesAScheduleUnhealthy() {
        Schedule healthy = scheduler.draw(1);
        List<Event> crash = List.of(new Event(1, Act.BROKER_CRASH, 1, 0, 1));

        assertThat(HealthyScheduler.isHealthy(healthy)).isTrue();
        assertThat(HealthyScheduler.isHealthy(new Schedule(1, healthy.shape(), crash)))
                .isFalse();
    }
}
