package dev.surefoot.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same seed gives the same run, to the byte. */
class DeterminismTest {
    private static final int SEEDS = 300;

    private final Scheduler scheduler = new Scheduler(ActWeights.usual());

    @Test
    void theSameScheduleTellsTheSameStory() {
        for (long seed = 1; seed <= 50; seed++) {
            Schedule schedule = scheduler.draw(seed);

            List<String> story = Simulation.run(schedule, Seams.NONE, true).story();

            assertThat(story).as("seed %d", seed).isNotEmpty();
            assertThat(Simulation.run(schedule, Seams.NONE, true).story())
                    .as("seed %d", seed)
                    .isEqualTo(story);
        }
    }

    /**
     * Each JVM gives collections that cannot be changed, and objects without a hash code of their own, another order.
     */
    @Test
    void anotherJvmTellsTheSameStories() throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoryDigest.class.getName(),
                        "1",
                        Integer.toString(SEEDS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String told = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(other.waitFor()).isZero();
        assertThat(told).isEqualTo(StoryDigest.of(1, SEEDS));
    }

    @Test
    void listeningToTheStoryChangesNothing() {
        for (long seed = 1; seed <= 50; seed++) {
            Outcome silent = Simulation.run(scheduler.draw(seed), Seams.NONE, false);
            Outcome told = Simulation.run(scheduler.draw(seed), Seams.NONE, true);

            assertThat(silent.story()).isEmpty();
            assertThat(silent.verdicts().all())
                    .as("seed %d", seed)
                    .isEqualTo(told.verdicts().all());
            assertThat(silent.happened().all())
                    .as("seed %d", seed)
                    .isEqualTo(told.happened().all());
        }
    }
}
