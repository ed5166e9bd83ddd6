package dev.surefoot.testkit.simulation.model;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Holds the model of a broker against a real one: both are given the same logs and the same requests,
 * and have to answer alike.
 *
 * <p>Left out: throttling, answers of followers, several log segments, compaction, and versions of Fetch below 12.
 *
 * <p>A failure names its schedule's seed, and {@code -Dtwins.seed=N} runs that schedule alone; {@code -Dtwins.first=N}
 * draws other seeds, and {@code -Dtwins.schedules=N} another number of them.
 */
@Tag("longer")
@TestInstance(Lifecycle.PER_CLASS)
class ModelAgainstBrokerTest {
    private static final long FIRST_SEED = Long.getLong("twins.first", 1);
    private static final int SCHEDULES = Integer.getInteger("twins.schedules", 10);
    private static final int STEPS = 70;
    private static final int STEPS_BETWEEN_RESTARTS = 35;

    private RealBroker broker;

    @BeforeAll
    void start() {
        broker = new RealBroker();
    }

    @AfterAll
    void close() {
        broker.close();
    }

    @Test
    void answersAsARealBrokerDoes() {
        Long only = Long.getLong("twins.seed");
        SplittableRandom seeds = new SplittableRandom(FIRST_SEED);
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            run(only == null ? seeds.nextLong() : only, STEPS, 0);
        }
    }

    @Test
    void answersAsARealBrokerDoesThatIsRestarted() {
        run(Long.getLong("twins.seed", 4711), 100, STEPS_BETWEEN_RESTARTS);
    }

    private void run(long seed, int steps, int restartEvery) {
        try {
            new TwinSchedule(broker, seed).run(steps, restartEvery);
        } catch (AssertionError e) {
            throw new AssertionError("with -Dtwins.seed=" + seed + ", " + e.getMessage(), e);
        }
    }
}
