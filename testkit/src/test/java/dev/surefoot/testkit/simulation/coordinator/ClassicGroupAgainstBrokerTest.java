package dev.surefoot.testkit.simulation.coordinator;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Holds the model of a group coordinator against a real one: both are sent the same random requests of members of a
 * classic group, and have to answer alike and to park alike.
 *
 * <p>A failure names its schedule's seed, and {@code -Dtwins.seed=N} runs that schedule alone; {@code -Dtwins.first=N}
 * draws other seeds, and {@code -Dtwins.schedules=N} another number of them.
 */
@Tag("longer")
@TestInstance(Lifecycle.PER_CLASS)
class ClassicGroupAgainstBrokerTest {
    private static final long FIRST_SEED = Long.getLong("twins.first", 1);
    /** A schedule here is a tenth of one against a broker's logs. */
    private static final int SCHEDULES = 4 * Integer.getInteger("twins.schedules", 10);

    private static final int STEPS = 70;

    private final StateTally tally = new StateTally();
    private RealCoordinator real;

    @BeforeAll
    void start() {
        real = new RealCoordinator(
                GroupSettings.defaults().withInitialRebalanceDelayMs(0).withMaxSize(3));
        real.create("a", 3);
    }

    @AfterAll
    void close() {
        real.close();
    }

    @Test
    void answersAsARealCoordinatorDoes() {
        Long only = Long.getLong("twins.seed");
        SplittableRandom seeds = new SplittableRandom(FIRST_SEED);
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            run(only == null ? seeds.nextLong() : only);
        }
    }

    private void run(long seed) {
        try (CoordinatorTwins twins = new CoordinatorTwins(new WireSide(real), "g" + Long.toHexString(seed), tally)) {
            new RandomClassicSchedule(twins, null, new SplittableRandom(seed)).run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("with -Dtwins.seed=" + seed + ", " + e.getMessage(), e);
        }
    }
}
