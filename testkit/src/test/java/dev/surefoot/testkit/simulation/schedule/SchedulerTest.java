package dev.surefoot.testkit.simulation.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerTest {
    private final Scheduler scheduler = new Scheduler(ActWeights.usual());

    @Test
    void theSameSeedGivesTheSameSchedule() {
        for (long seed = 0; seed < 100; seed++) {
            assertThat(scheduler.draw(seed)).isEqualTo(new Scheduler(ActWeights.usual()).draw(seed));
        }
        assertThat(scheduler.draw(1)).isNotEqualTo(scheduler.draw(2));
    }

    @Test
    void everyActIsDrawn() {
        ScheduleMix mix = ScheduleMix.usual();
        Set<Act> drawn = EnumSet.noneOf(Act.class);
        for (long seed = 0; seed < 4_000; seed++) {
            mix.draw(seed).events().forEach(event -> drawn.add(event.act()));
        }
        assertThat(drawn).containsExactlyInAnyOrder(Act.values());
    }

    @Test
    void whatIsSwitchedOffIsNotDrawn() {
        Scheduler without = new Scheduler(ActWeights.usual().with(Act.BROKER_CRASH, 0));
        for (long seed = 0; seed < 2_000; seed++) {
            assertThat(without.draw(seed).events()).noneMatch(event -> event.act() == Act.BROKER_CRASH);
        }
    }

    @Test
    void eventsComeInTheOrderOfTheirTimesAndNoneFollowsTheEnd() {
        for (long seed = 0; seed < 500; seed++) {
            Schedule schedule = scheduler.draw(seed);
            assertThat(schedule.events()).isSortedAccordingTo((a, b) -> Long.compare(a.atMicros(), b.atMicros()));
            int close = schedule.events().stream().map(Event::act).toList().indexOf(Act.CLOSE);
            assertThat(close).isIn(-1, schedule.events().size() - 1);
        }
    }

    @Test
    void weightsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> ActWeights.usual().with(Act.SEEK, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SEEK");
        ActWeights weights = ActWeights.usual();
        for (Act act : Act.values()) {
            if (act != Act.CLOSE) {
                weights = weights.with(act, 0);
            }
        }
        ActWeights onlyClose = weights;
        assertThatThrownBy(() -> onlyClose.with(Act.CLOSE, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aScheduleThatIsWrittenDownIsReadAsItWas(@TempDir Path folder) throws Exception {
        ScheduleMix mix = ScheduleMix.usual();
        Path file = folder.resolve("schedule.json");
        for (long seed = 0; seed < 100; seed++) {
            Schedule schedule = mix.draw(seed);
            Files.writeString(file, ScheduleFile.write(schedule));
            assertThat(ScheduleFile.read(file)).isEqualTo(schedule);
        }
    }

    @Test
    void aFileThatHoldsNoScheduleIsRefusedByName(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("nonsense.json");
        Files.writeString(file, "{\"seed\": 1, \"shape\": 7}");

        assertThatThrownBy(() -> ScheduleFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nonsense.json");
    }
}
