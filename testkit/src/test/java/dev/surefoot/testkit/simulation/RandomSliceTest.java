package dev.surefoot.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.schedule.ScheduleFile;
import dev.surefoot.testkit.simulation.schedule.ScheduleMix;
import dev.surefoot.testkit.simulation.schedule.ScheduleMix.Groups;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * As many schedules as the time allows, which nobody has run before. {@code -Dsurefoot.simulation.seed} begins where
 * another run began, {@code -Dsurefoot.simulation.groups=none} or {@code all} takes no schedules with groups, or no
 * others; one in eight has one otherwise.
 */
@Tag("longer")
class RandomSliceTest {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(Long.getLong("surefoot.simulation.seconds", 20));
    private static final Groups GROUPS = Groups.valueOf(
            System.getProperty("surefoot.simulation.groups", "some").toUpperCase(Locale.ROOT));
    private static final long FIRST_SEED = Long.getLong("surefoot.simulation.seed", System.currentTimeMillis() * 1_000);

    @Test
    void nothingIsFoundInTheShippedConsumer() throws InterruptedException {
        System.out.println("Simulating from seed " + FIRST_SEED + " on");
        long start = System.nanoTime();
        Campaign campaign = Campaign.ofShipped(ScheduleMix.with(GROUPS), FIRST_SEED, Long.MAX_VALUE - FIRST_SEED);

        CampaignReport report =
                campaign.run(Runtime.getRuntime().availableProcessors(), () -> System.nanoTime() - start > NANOS);

        System.out.printf("Simulated %,d schedules in %.0f s%n", report.schedules(), report.seconds());
        assertThat(report.violations()).as(() -> explain(report.failures())).isZero();
        assertThat(report.schedules()).isPositive();
    }

    private static String explain(List<Outcome> failures) {
        FailureReport failure = FailureReport.of(failures.get(0), Seams.NONE);
        return String.join("\n", failure.lines())
                + "\nOnce it is mended, keep this in src/test/resources/simulation/regressions:\n"
                + ScheduleFile.write(failure.schedule());
    }
}
