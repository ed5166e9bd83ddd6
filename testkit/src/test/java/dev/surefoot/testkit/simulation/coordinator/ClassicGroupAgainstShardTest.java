package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    private static final int SCHEDULES = 50 * Integer.getInteger("twins.schedules", 10);

    /** What the schedules have to reach, by the state of the group, the request, and what came of it. */
    private static final List<String> CELLS = """
        PREPARING JOIN_GROUP MEMBER_ID_REQUIRED
        PREPARING JOIN_GROUP parked
        PREPARING JOIN_GROUP NONE
        PREPARING JOIN_GROUP UNKNOWN_MEMBER_ID
        PREPARING JOIN_GROUP FENCED_INSTANCE_ID
        PREPARING JOIN_GROUP INCONSISTENT_GROUP_PROTOCOL
        PREPARING JOIN_GROUP GROUP_MAX_SIZE_REACHED
        PREPARING SYNC_GROUP REBALANCE_IN_PROGRESS
        PREPARING SYNC_GROUP ILLEGAL_GENERATION
        PREPARING SYNC_GROUP UNKNOWN_MEMBER_ID
        PREPARING SYNC_GROUP FENCED_INSTANCE_ID
        PREPARING HEARTBEAT REBALANCE_IN_PROGRESS
        PREPARING HEARTBEAT ILLEGAL_GENERATION
        PREPARING HEARTBEAT UNKNOWN_MEMBER_ID
        PREPARING HEARTBEAT FENCED_INSTANCE_ID
        PREPARING LEAVE_GROUP NONE
        PREPARING LEAVE_GROUP UNKNOWN_MEMBER_ID
        PREPARING OFFSET_COMMIT NONE
        PREPARING OFFSET_COMMIT ILLEGAL_GENERATION
        PREPARING OFFSET_COMMIT UNKNOWN_MEMBER_ID
        PREPARING OFFSET_COMMIT FENCED_INSTANCE_ID
        PREPARING TXN_OFFSET_COMMIT NONE
        PREPARING TXN_OFFSET_COMMIT ILLEGAL_GENERATION
        COMPLETING JOIN_GROUP MEMBER_ID_REQUIRED
        COMPLETING JOIN_GROUP parked
        COMPLETING JOIN_GROUP NONE
        COMPLETING JOIN_GROUP UNKNOWN_MEMBER_ID
        COMPLETING JOIN_GROUP FENCED_INSTANCE_ID
        COMPLETING JOIN_GROUP INCONSISTENT_GROUP_PROTOCOL
        COMPLETING JOIN_GROUP GROUP_MAX_SIZE_REACHED
        COMPLETING SYNC_GROUP parked
        COMPLETING SYNC_GROUP ILLEGAL_GENERATION
        COMPLETING SYNC_GROUP UNKNOWN_MEMBER_ID
        COMPLETING SYNC_GROUP FENCED_INSTANCE_ID
        COMPLETING SYNC_GROUP INCONSISTENT_GROUP_PROTOCOL
        COMPLETING HEARTBEAT NONE
        COMPLETING HEARTBEAT ILLEGAL_GENERATION
        COMPLETING HEARTBEAT UNKNOWN_MEMBER_ID
        COMPLETING HEARTBEAT FENCED_INSTANCE_ID
        COMPLETING LEAVE_GROUP NONE
        COMPLETING LEAVE_GROUP UNKNOWN_MEMBER_ID
        COMPLETING OFFSET_COMMIT REBALANCE_IN_PROGRESS
        COMPLETING OFFSET_COMMIT ILLEGAL_GENERATION
        COMPLETING OFFSET_COMMIT UNKNOWN_MEMBER_ID
        COMPLETING OFFSET_COMMIT FENCED_INSTANCE_ID
        COMPLETING TXN_OFFSET_COMMIT NONE
        COMPLETING TXN_OFFSET_COMMIT ILLEGAL_GENERATION
        STABLE JOIN_GROUP MEMBER_ID_REQUIRED
        STABLE JOIN_GROUP parked
        STABLE JOIN_GROUP NONE
        STABLE JOIN_GROUP UNKNOWN_MEMBER_ID
        STABLE JOIN_GROUP FENCED_INSTANCE_ID
        STABLE JOIN_GROUP INCONSISTENT_GROUP_PROTOCOL
        STABLE JOIN_GROUP GROUP_MAX_SIZE_REACHED
        STABLE SYNC_GROUP NONE
        STABLE SYNC_GROUP ILLEGAL_GENERATION
        STABLE SYNC_GROUP UNKNOWN_MEMBER_ID
        STABLE SYNC_GROUP FENCED_INSTANCE_ID
        STABLE SYNC_GROUP INCONSISTENT_GROUP_PROTOCOL
        STABLE HEARTBEAT NONE
        STABLE HEARTBEAT ILLEGAL_GENERATION
        STABLE HEARTBEAT UNKNOWN_MEMBER_ID
        STABLE HEARTBEAT FENCED_INSTANCE_ID
        STABLE LEAVE_GROUP NONE
        STABLE LEAVE_GROUP UNKNOWN_MEMBER_ID
        STABLE OFFSET_COMMIT NONE
        STABLE OFFSET_COMMIT ILLEGAL_GENERATION
        STABLE OFFSET_COMMIT UNKNOWN_MEMBER_ID
        STABLE OFFSET_COMMIT FENCED_INSTANCE_ID
        STABLE TXN_OFFSET_COMMIT NONE
        STABLE TXN_OFFSET_COMMIT ILLEGAL_GENERATION
        COMPLETING SYNC_GROUP NONE
        COMPLETING SYNC_GROUP COORDINATOR_NOT_AVAILABLE
        STABLE OFFSET_COMMIT OFFSET_METADATA_TOO_LARGE
        EMPTY JOIN_GROUP parked
        EMPTY JOIN_GROUP MEMBER_ID_REQUIRED
        EMPTY HEARTBEAT UNKNOWN_MEMBER_ID
        EMPTY OFFSET_COMMIT NONE
        EMPTY OFFSET_COMMIT UNKNOWN_MEMBER_ID
        NONE OFFSET_COMMIT NONE
        """.lines().toList();

    private static final int STEPS = 120;
    private static final int[] INITIAL_DELAYS_MS = {0, 0, 3_000};
    private static final int[] MAX_SIZES = {2, 3, Integer.MAX_VALUE};

    private final StateTally tally = new StateTally();

    @Test
    void answersAsARealCoordinatorDoesWhateverTheTime() {
        Long only = Long.getLong("twins.seed");
        SplittableRandom seeds = new SplittableRandom(FIRST_SEED);
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            run(only == null ? seeds.nextLong() : only);
        }
        if (only == null) {
            for (String cell : CELLS) {
                assertThat(tally.of(cell)).as("%s, of%n%s", cell, tally).isPositive();
            }
        }
    }

    private void run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        GroupSettings settings = GroupSettings.defaults()
                .withInitialRebalanceDelayMs(INITIAL_DELAYS_MS[random.nextInt(INITIAL_DELAYS_MS.length)])
                .withMaxSize(MAX_SIZES[random.nextInt(MAX_SIZES.length)]);
        TopicCatalog topics = new TopicCatalog(random.split());
        topics.create("a", new Uuid(1, 1), 3);
        ClassicShard shard = new ClassicShard(settings, topics);
        try (CoordinatorTwins twins = new CoordinatorTwins(shard, "g" + Long.toHexString(seed), tally)) {
            new RandomClassicSchedule(twins, shard, random).run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("with -Dtwins.seed=" + seed + ", " + e.getMessage(), e);
        }
    }
}
