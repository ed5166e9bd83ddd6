package dev.surefoot.testkit.simulation.coordinator;

import static dev.surefoot.testkit.simulation.coordinator.ConsumerGroupScript.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The model's KIP-848 groups beside Kafka's own coordinator, under one virtual clock. A failure names its schedule's
 * seed, and {@code -Dtwins.seed=N} runs that schedule alone; {@code -Dtwins.first=N} draws other seeds.
 */
class ConsumerGroupTwinsTest {
    private static final long FIRST_SEED = Long.getLong("twins.first", 1);
    private static final int STEPS = 300;
    private static final String GROUP = "g";

    private final GroupTwins twins = GroupTwins.inVirtualTime(GroupTwins.SETTINGS.withTimes(20_000, 2_000, 0));
    private final ConsumerGroupScript group = new ConsumerGroupScript(twins, GROUP);

    // What takes time.

    @Test
    void d6TheNextTargetIsComputedWhenItsIntervalHasPassed() {
        GroupTwins slow = GroupTwins.inVirtualTime(GroupTwins.SETTINGS.withTimes(20_000, 2_000, 1_000));
        ConsumerGroupScript slowly = new ConsumerGroupScript(slow, GROUP);
        slow.create("t", 4);
        slowly.join("a", "t").expectEpoch(2).expectPartitions(4);
        slowly.join("b", "t").expectEpoch(2).expectPartitions(0);
        slow.advance(999);
        slowly.live("b", 2).expectEpoch(2).expectNothingSaid();
        slow.advance(1);
        slowly.live("b", 2).expectEpoch(3).expectNothingSaid();
        slowly.live("a", 2).expectEpoch(2).expectPartitions(2);
    }

    @Test
    void d7AMemberThatDoesNotGiveUpInTimeIsFenced() {
        twins.create("t", 4);
        group.send(group.joining("a", "t").setRebalanceTimeoutMs(5_000)).epoch();
        group.join("b", "t").epoch();
        group.live("a", 2).expectEpoch(2).expectPartitions(2);
        twins.advance(4_000);
        group.live("a", 2).expectEpoch(2).expectNothingSaid();
        twins.advance(1_000);
        group.live("a", 2).expect(Errors.UNKNOWN_MEMBER_ID);
        group.live("b", 3).expectEpoch(4).expectPartitions(4);
    }

    @Test
    void d9TheSessionOfAStaticMemberThatLeftRunsOn() {
        twins.create("t", 4);
        joinStatic("a").expectPartitions(4);
        twins.advance(15_000);
        group.send(group.request("a", -2).setInstanceId("i")).expectEpoch(-2);
        group.join("b", "t").expectPartitions(0);
        twins.advance(4_999);
        group.live("b", 3).expectEpoch(3).expectNothingSaid();
        twins.advance(1);
        group.live("b", 3).expectEpoch(4).expectPartitions(4);
        joinStatic("c").expectPartitions(0);
    }

    @Test
    void d9AStaticMemberThatLeftWhileItGaveUpIsFencedAfterAMove() {
        twins.create("t", 4);
        group.send(group.joining("a", "t").setInstanceId("i").setRebalanceTimeoutMs(5_000));
        group.join("b", "t");
        group.send(group.request("a", 2).setInstanceId("i")).expectEpoch(2).expectPartitions(2);
        group.send(group.request("a", -2).setInstanceId("i")).expectEpoch(-2);
        twins.advance(6_000);
        assertThat(twins.group(GROUP).byId()).containsKey("a");
        twins.reload();
        twins.advance(5_000);
        assertThat(twins.group(GROUP).byId()).doesNotContainKey("a");
    }

    @Test
    void d9AMemberThatReturnsMayCommitWithAnyEpochWhatItHadBefore() {
        GroupPartition partition = new GroupPartition(twins.create("t", 1), 0);
        joinStatic("a").expectPartitions(1);
        twins.addPartitions("t", 2);
        group.send(group.request("a", 2).setInstanceId("i")).expectEpoch(3).expectPartitions(2);
        group.send(group.request("a", -2).setInstanceId("i"));
        joinStatic("b").expectEpoch(3).expectPartitions(2);
        assertThat(twins.commit(GROUP, "b", 0, partition, 9)).isEqualTo(Errors.NONE);
    }

    private ConsumerGroupScript.Said joinStatic(String memberId) {
        return group.send(group.joining(memberId, "t").setInstanceId("i"));
    }

    @Test
    void d8ASubscriptionToNothingMovesThePreviousEpoch() {
        GroupTwins slow = GroupTwins.inVirtualTime(GroupTwins.SETTINGS.withTimes(20_000, 2_000, 1_000));
        ConsumerGroupScript slowly = new ConsumerGroupScript(slow, GROUP);
        slow.create("t", 1);
        slowly.join("a", "none").expectEpoch(2).expectPartitions(0);
        slowly.join("b", "t").expectEpoch(2).expectPartitions(0);
        slow.advance(1_000);
        slowly.live("a", 2).expectEpoch(3);
        slowly.own("a", 2, nothing()).expectEpoch(3);
        slowly.send(slowly.request("a", 3).setSubscribedTopicNames(List.of())).expectEpoch(3);
        slowly.own("a", 2, nothing()).expect(Errors.FENCED_MEMBER_EPOCH);
    }

    @Test
    void d12AnExpressionThatNobodyHadIsResolvedWithALaterHeartbeat() {
        twins.create("apple", 1);
        twins.create("banana", 1);
        group.send(group.joining("a").setSubscribedTopicRegex("a.*"))
                .expectEpoch(1)
                .expectPartitions(0);
        twins.advance(1_000);
        group.live("a", 1).expectEpoch(2).expectPartitions(1);
        group.send(group.request("a", 2).setSubscribedTopicRegex("b.*"))
                .expectEpoch(2)
                .expectPartitions(0);
        twins.advance(5_000);
        group.own("a", 2, nothing()).expectEpoch(2);
        twins.advance(1_000);
        group.live("a", 2).expectEpoch(3).expectPartitions(1);
    }

    @Test
    void d12AMemberThatSubscribesToNothingYetMayTakeEverythingFromTheOthers() {
        twins.create("t", 4);
        group.send(group.joining("b", "t").setServerAssignor("range")).expectPartitions(4);
        group.send(group.joining("c", "t").setServerAssignor("range")).expectPartitions(0);
        group.send(group.request("c", -1)).expectEpoch(-1);
        // It makes no new group epoch, but computes the target of the one before, as if all subscribed alike.
        group.send(group.joining("a").setSubscribedTopicRegex("t.*"))
                .expectEpoch(4)
                .expectPartitions(0);
        group.live("b", 2).expectEpoch(2).expectPartitions(0);
    }

    // Random.

    @Test
    void aFewSchedulesEndAlike() {
        run(25);
    }

    @Test
    @Tag("thorough")
    void manySchedulesEndAlike() {
        run(10 * Integer.getInteger("twins.schedules", 100));
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
