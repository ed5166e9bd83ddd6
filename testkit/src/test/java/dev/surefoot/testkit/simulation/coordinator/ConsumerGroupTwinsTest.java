package dev.surefoot.testkit.simulation.coordinator;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The model's KIP-848 groups beside Kafka's own coordinator, under one virtual clock. A failure names its schedule's
 * seed, and {@code -Dtwins.seed=N} runs that schedule alone; {@code -Dtwins.first=N} draws other seeds.
 */
class ConsumerGroupTwinsTest {
    private static final long FIRST_SEED = Long.getLong("twins.first", 1);
    private static final int STEPS = 300;

    @Test
    void aFewSchedulesEndAlike() {
        run(40);
    }

    @Test
    @Tag("thorough")
    void manySchedulesEndAlike() {
        run(2_000);
    }

    private static void run(int schedules) {
        Long only = Long.getLong("twins.seed");
        SplittableRandom seeds = new SplittableRandom(FIRST_SEED);
        for (int i = 0; i < (only == null ? schedules : 1); i++) {
            long seed = only == null ? seeds.nextLong() : only;
            try {
                GroupSchedule.inVirtualTime(seed).run(STEPS);
            } catch (AssertionError e) {
                throw new AssertionError("with -Dtwins.seed=" + seed + ", " + e.getMessage(), e);
            }
        }
    }
}
