package dev.surefoot.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.museum.group.GroupExhibit;
import dev.surefoot.testkit.museum.group.WholeGroupExhibit;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupBug;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.ActCounts;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.GroupScheduler;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GroupSimulationTest {
    private static final int SEEDS = 200;

    private final GroupScheduler scheduler = new GroupScheduler(ActWeights.ofGroups());

    @Test
    void shippedConsumersKeepTheirContractInGroups() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Schedule schedule = scheduler.draw(seed);

            Outcome outcome = GroupSimulation.run(schedule);

            assertThat(outcome.violation()).as("seed %d", seed).isNull();
        }
    }

    @Test
    void theSameScheduleTellsTheSameStory() {
        for (long seed = 1; seed <= 20; seed++) {
            Schedule schedule = scheduler.draw(seed);

            List<String> story =
                    GroupSimulation.run(schedule, GroupSubject.SHIPPED, true).story();

            assertThat(story).as("seed %d", seed).isNotEmpty();
            assertThat(GroupSimulation.run(schedule, GroupSubject.SHIPPED, true).story())
                    .as("seed %d", seed)
                    .isEqualTo(story);
        }
    }

    @Test
    void aCoordinatorThatGivesAPartitionTwiceIsCaught() {
        GroupSubject twice = new GroupSubject(
                GroupSubject.SHIPPED.seams(), Set.of(), Set.of(ConsumerGroupBug.PARTITION_GIVEN_TWICE));

        List<String> broken = LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed ->
                        GroupSimulation.run(scheduler.draw(seed), twice, false).violation())
                .filter(violation -> violation != null)
                .map(violation -> violation.property())
                .toList();

        assertThat(broken).contains("G4");
    }

    @Test
    void aMemberThatReadsNoMoreOfWhatItKeepsIsCaught() {
        GroupExhibit kept = GroupExhibit.ALL.stream()
                .filter(exhibit -> exhibit.id().equals("GF5"))
                .findFirst()
                .orElseThrow();
        GroupSubject holding = GroupSubject.of(WholeGroupExhibit.seams(kept));

        List<String> broken = LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> GroupSimulation.run(scheduler.draw(seed), holding, false)
                        .violation())
                .filter(violation -> violation != null)
                .map(violation -> violation.property())
                .toList();

        assertThat(broken).contains("G6");
    }

    @Test
    void everyActOfAGroupHappens() {
        ActCounts counts = new ActCounts();
        for (long seed = 1; seed <= 3 * SEEDS; seed++) {
            counts.add(GroupSimulation.run(scheduler.draw(seed)).happened());
        }

        for (Act act : Act.values()) {
            if (act.kind().isOfGroups()) {
                assertThat(counts.of(act)).as("%s", act).isPositive();
            }
        }
    }

    @Test
    void schedulesOfOneConsumerHaveNoGroup() {
        Scheduler single = new Scheduler(ActWeights.usual());

        for (long seed = 1; seed <= SEEDS; seed++) {
            Schedule schedule = single.draw(seed);

            assertThat(schedule.shape().group().exists()).isFalse();
            assertThat(schedule.events()).noneMatch(event -> event.act().kind().isOfGroups());
        }
    }
}
