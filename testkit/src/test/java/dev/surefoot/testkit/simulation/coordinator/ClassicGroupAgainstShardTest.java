package dev.surefoot.testkit.simulation.coordinator;

import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Holds the model of a group coordinator against Kafka's own in virtual time: random requests of members of a classic
 * group, time that passes, moves of the coordinator, writes that fail or get lost, transactions.
 *
 * <p>A failure names its schedule's seed, and {@code -Dtwins.seed=N} runs that schedule alone; {@code -Dtwins.first=N}
 * draws other seeds, and {@code -Dtwins.schedules=N} another number of them.
 */
@Tag("longer")
class ClassicGroupAgainstShardTest {
    private static final long FIRST_SEED = Long.getLong("twins.first", 1);
    /** These have no wire, so there may be more of them. */
    private static final int SCHEDULES = 100 * Integer.getInteger("twins.schedules", 10);

    private static final int STEPS = 120;
    private static final int[] INITIAL_DELAYS_MS = {0, 0, 3_000};
    private static final int[] MAX_SIZES = {2, 3, Integer.MAX_VALUE};

    @Test
    void answersAsARealCoordinatorDoesWhateverTheTime() {
        Long only = Long.getLong("twins.seed");
        SplittableRandom seeds = new SplittableRandom(FIRST_SEED);
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            run(only == null ? seeds.nextLong() : only);
        }
    }

    private static void run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        GroupSettings settings = GroupSettings.defaults()
                .withInitialRebalanceDelayMs(INITIAL_DELAYS_MS[random.nextInt(INITIAL_DELAYS_MS.length)])
                .withMaxSize(MAX_SIZES[random.nextInt(MAX_SIZES.length)]);
        TopicCatalog topics = new TopicCatalog(random.split());
        topics.create("a", new Uuid(1, 1), 3);
        ClassicShard shard = new ClassicShard(settings, topics);
        try (CoordinatorTwins twins = new CoordinatorTwins(shard, "g" + Long.toHexString(seed))) {
            new RandomClassicSchedule(twins, shard, random).run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("with -Dtwins.seed=" + seed + ", " + e.getMessage(), e);
        }
    }
}
