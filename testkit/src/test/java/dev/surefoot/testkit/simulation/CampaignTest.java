package dev.surefoot.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CampaignTest {
    private final Scheduler scheduler = new Scheduler(ActWeights.usual());

    @Test
    void howManyThreadsRunItMakesNoDifference() throws InterruptedException {
        CampaignReport one = Campaign.ofShipped(scheduler, 10, 500).run(1, () -> false);
        CampaignReport three = Campaign.ofShipped(scheduler, 10, 500).run(3, () -> false);

        assertThat(three.schedules()).isEqualTo(500).isEqualTo(one.schedules());
        assertThat(three.happened().all()).isEqualTo(one.happened().all());
        assertThat(three.verdicts().all()).isEqualTo(one.verdicts().all());
    }

    @Test
    void failuresAreCountedAndTheFirstOnesKeptInTheOrderOfTheirSeeds() throws InterruptedException {
        Campaign campaign = new Campaign(scheduler::draw, Exhibit.byId("F6").seams(), 1, 300);

        CampaignReport report = campaign.run(2, () -> false);

        assertThat(report.violations()).isGreaterThan(200).isEqualTo(campaign.violations());
        assertThat(campaign.failingSeeds(1_000))
                .hasSize((int) report.violations())
                .doesNotHaveDuplicates()
                .allSatisfy(seed -> assertThat(seed).isBetween(1L, 300L));
        assertThat(report.failures())
                .hasSizeBetween(100, 200)
                .isSortedAccordingTo(
                        (a, b) -> Long.compare(a.schedule().seed(), b.schedule().seed()));
    }

    @Test
    void itStopsSoonWhenItIsTold() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        Campaign campaign = Campaign.ofShipped(scheduler, 1, Long.MAX_VALUE - 1);

        CampaignReport report = campaign.run(2, () -> asked.incrementAndGet() > 4);

        assertThat(report.schedules()).isEqualTo(campaign.done()).isBetween(1L, 1_000L);
    }
}
