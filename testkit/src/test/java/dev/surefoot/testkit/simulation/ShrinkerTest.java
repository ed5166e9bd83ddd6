package dev.surefoot.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import dev.surefoot.testkit.simulation.schedule.Size;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private final Scheduler scheduler = new Scheduler(ActWeights.usual());
    private final Seams subject = Exhibit.F1.seams();

    private Schedule failing() {
        for (long seed = 1; ; seed++) {
            Schedule schedule = scheduler.draw(seed, Size.LARGE);
            if (Simulation.run(schedule, subject, false).violation() != null) {
                return schedule;
            }
        }
    }

    @Test
    void aLargeScheduleShrinksToTheFewEventsThatMatter() {
        Schedule failing = failing();
        String property = Objects.requireNonNull(
                        Simulation.run(failing, subject, false).violation())
                .property();

        Schedule smaller = Shrinker.shrink(failing, subject, property);

        assertThat(failing.events()).hasSizeGreaterThan(50);
        assertThat(smaller.events()).hasSizeLessThanOrEqualTo(5);
        assertThat(smaller.shape().partitions())
                .isLessThanOrEqualTo(failing.shape().partitions());
        assertThat(Objects.requireNonNull(
                                Simulation.run(smaller, subject, false).violation())
                        .property())
                .isEqualTo(property);
    }

    @Test
    void shrinkingIsTheSameEachTime() {
        Schedule failing = failing();

        assertThat(Shrinker.shrink(failing, subject, "I1")).isEqualTo(Shrinker.shrink(failing, subject, "I1"));
    }

    @Test
    void whatDoesNotFailStaysAsItIs() {
        Schedule sound = scheduler.draw(1);

        assertThat(Shrinker.shrink(sound, Seams.NONE, "I1")).isEqualTo(sound);
    }
}
