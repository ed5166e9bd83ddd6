package dev.surefoot.testkit.simulation.coordinator;

import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.assignment;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.commit;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.heartbeat;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.join;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.leave;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.simulation.coordinator.CoordinatorTwins.Exchange;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.junit.jupiter.api.Test;

/**
 * The life of classic groups, told to Kafka's own coordinator and to the model. That they agree is checked with each
 * request; what is asserted here is that the script went where it was to go.
 */
class ClassicGroupScriptsTest {
    private static final String G = "group";
    private static final int SESSION_MS = 10_000;
    private static final int REBALANCE_MS = 20_000;

    private ClassicShard shard;

    private CoordinatorTwins twins(int initialDelayMs) {
        TopicCatalog topics = new TopicCatalog(new SplittableRandom(1));
        topics.create("a", new Uuid(1, 1), 4);
        GroupSettings settings = GroupSettings.defaults().withInitialRebalanceDelayMs(initialDelayMs);
        shard = new ClassicShard(settings, topics);
        return new CoordinatorTwins(shard, G, new StateTally());
    }

    private static JoinGroupRequestData timed(String member, String instance) {
        return join(G, member, instance, "range")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS);
    }

    private void passTo(CoordinatorTwins twins, long atMs) {
        new ShardActs(twins, shard, new SplittableRandom(1)).letTimePass(atMs - twins.nowMs());
    }

    /** A and B, dynamic, in generation 2, with A as leader. */
    private static void twoStable(CoordinatorTwins twins) {
        twins.send("A", timed("", null), 9);
        twins.send("A", timed("A", null), 9);
        twins.send("A", sync(G, "A", 1, Map.of("A", assignment("a", 0, 1, 2, 3))), 5);
        twins.send("B", timed("", null), 9);
        Exchange b = twins.send("B", timed("B", null), 9);
        assertThat(b.isAnswered()).isFalse();
        Exchange a = twins.send("A", timed("A", null), 9);
        assertThat(a.text()).contains("generation 2").contains("leader A1");
        Exchange follower = twins.send("B", sync(G, "B", 2), 5);
        assertThat(follower.isAnswered()).isFalse();
        twins.send("A", sync(G, "A", 2, Map.of("A", assignment("a", 0, 1), "B", assignment("a", 2, 3))), 5);
        assertThat(follower.text()).contains("sync NONE");
    }

    @Test
    void d1OneMemberJoinsSyncsAndLeaves() {
        try (CoordinatorTwins twins = twins(0)) {
            assertThat(twins.send("A", timed("", null), 9).text()).contains("MEMBER_ID_REQUIRED");
            assertThat(twins.send("A", timed("A", null), 9).text()).contains("generation 1");
            twins.send("A", sync(G, "A", 1, Map.of("A", assignment("a", 0))), 5);
            assertThat(twins.send("A", heartbeat(G, "A", 1), 4).text()).contains("NONE");
            assertThat(twins.send("A", leave(G, "A", null), 5).text()).contains("NONE");
            assertThat(twins.model().classicGroup(G))
                    .isEqualTo(new ClassicGroupView(ClassicState.EMPTY, 2, null, false));
        }
    }

    @Test
    void d1TheFollowerWaitsForTheLeader() {
        try (CoordinatorTwins twins = twins(0)) {
            twoStable(twins);
            assertThat(twins.model().members(G))
                    .extracting(member -> member.held().size())
                    .containsExactly(2, 2);
        }
    }

    @Test
    void d2CommitsAreTakenByGenerationAlsoWhileARebalanceIsPrepared() {
        try (CoordinatorTwins twins = twins(0)) {
            twoStable(twins);
            assertThat(twins.send("A", commit(G, "A", 2, "a", 0, 5), 9).text()).contains("NONE");
            assertThat(twins.send("A", commit(G, "A", 1, "a", 0, 6), 9).text()).contains("ILLEGAL_GENERATION");
            assertThat(twins.send("A", commit(G, "", -1, "a", 0, 7), 9).text()).contains("UNKNOWN_MEMBER_ID");
            twins.send("A", timed("A", null), 9);
            assertThat(twins.send("B", commit(G, "B", 2, "a", 2, 8), 9).text()).contains("NONE");
            assertThat(twins.send("B", heartbeat(G, "B", 2), 4).text()).contains("REBALANCE_IN_PROGRESS");
            twins.send("B", timed("B", null), 9);
            assertThat(twins.send("B", commit(G, "B", 3, "a", 2, 9), 9).text()).contains("REBALANCE_IN_PROGRESS");
            assertThat(twins.model().offsets(G).values())
                    .extracting(StoredOffset::offset)
                    .containsExactly(5L, 8L);
        }
    }

    @Test
    void d3AStaticLeaderThatComesBackSkipsTheAssignment() {
        try (CoordinatorTwins twins = twins(0)) {
            twins.send("A", timed("", "one"), 9);
            twins.send("A", sync(G, "A", 1, Map.of("A", assignment("a", 0))).setGroupInstanceId("one"), 5);
            assertThat(twins.send("A", timed("", "one"), 9).text())
                    .contains("generation 1")
                    .contains("leader A2 member A2 skip true");
            assertThat(twins.send("A", timed("", "one"), 8).text()).contains("leader A2 member A3 skip false");
            assertThat(twins.send("A", heartbeat(G, "A1", 1).setGroupInstanceId("one"), 4)
                            .text())
                    .contains("FENCED_INSTANCE_ID");
            assertThat(twins.send("A", sync(G, "A", 1).setGroupInstanceId("one"), 5)
                            .text())
                    .contains("sync NONE");
            assertThat(twins.send("A", leave(G, "A1", "one"), 5).text()).contains("FENCED_INSTANCE_ID");
            assertThat(twins.send("A", leave(G, "", "one"), 5).text()).doesNotContain("FENCED");
        }
    }

    @Test
    void d2AGroupThatIsNotThereIsToldByTheVersion() {
        try (CoordinatorTwins twins = twins(0)) {
            assertThat(twins.send("A", commit(G, "A", 1, "a", 0, 1), 8).text()).contains("ILLEGAL_GENERATION");
            assertThat(twins.send("A", commit(G, "A", 1, "a", 0, 1), 9).text()).contains("GROUP_ID_NOT_FOUND");
            assertThat(twins.send("A", commit(G, "", -1, "a", 0, 1), 9).text()).contains("NONE");
            assertThat(twins.send("A", commit(G, "A", 1, "a", 0, 2), 9).text()).contains("UNKNOWN_MEMBER_ID");
        }
    }

    @Test
    void d3AStaticMemberThatComesBackWhileTheLeaderAssignsStartsARebalance() {
        try (CoordinatorTwins twins = twins(0)) {
            twins.send("A", timed("", "one"), 9);
            Exchange again = twins.send("A", timed("", "one"), 9);
            assertThat(again.text()).contains("generation 2");
        }
    }

    @Test
    void d4ADynamicMemberThatDoesNotJoinIsOutAfterTheRebalanceTimeout() {
        try (CoordinatorTwins twins = twins(0)) {
            twoStable(twins);
            Exchange a = twins.send("A", timed("A", null), 9);
            long startedMs = twins.nowMs();
            while (twins.nowMs() + SESSION_MS / 2 < startedMs + REBALANCE_MS) {
                passTo(twins, twins.nowMs() + SESSION_MS / 2);
                twins.send("B", heartbeat(G, "B", 2), 4);
            }
            passTo(twins, startedMs + REBALANCE_MS - 1);
            assertThat(a.isAnswered()).isFalse();
            passTo(twins, startedMs + REBALANCE_MS);
            assertThat(a.text()).contains("generation 3").doesNotContain("B1");
        }
    }

    @Test
    void d4AStaticMemberThatDoesNotJoinStaysAndAnotherLeads() {
        try (CoordinatorTwins twins = twins(0)) {
            twins.send("A", join(G, "", "one", "range").setRebalanceTimeoutMs(REBALANCE_MS), 9);
            twins.send("A", sync(G, "A", 1, Map.of("A", assignment("a", 0))).setGroupInstanceId("one"), 5);
            Exchange b = twins.send("B", join(G, "", "two", "range").setRebalanceTimeoutMs(REBALANCE_MS), 9);
            passTo(twins, twins.nowMs() + REBALANCE_MS);
            assertThat(b.text()).contains("leader B1").contains("A1 instance one");
        }
    }

    @Test
    void d4TheInitialDelayGoesOnWhileMembersArrive() {
        try (CoordinatorTwins twins = twins(3_000)) {
            Exchange a = twins.send("A", timed("", "one"), 9);
            passTo(twins, 1_000);
            twins.send("B", timed("", "two"), 9);
            passTo(twins, 2_000);
            twins.send("C", timed("", "three"), 9);
            passTo(twins, 6_000);
            assertThat(a.isAnswered()).isFalse();
            passTo(twins, 6_001);
            assertThat(a.text())
                    .contains("generation 1")
                    .contains("A1")
                    .contains("B1")
                    .contains("C1");
        }
    }

    @Test
    void aMemberThatNeverSyncsIsOutAndTheOthersAreToldToJoin() {
        try (CoordinatorTwins twins = twins(0)) {
            twoStable(twins);
            twins.send("A", timed("A", null), 9);
            twins.send("B", timed("B", null), 9);
            Exchange follower = twins.send("B", sync(G, "B", 3), 5);
            long joinedMs = twins.nowMs();
            while (twins.nowMs() < joinedMs + REBALANCE_MS - 1) {
                passTo(twins, Math.min(joinedMs + REBALANCE_MS - 1, twins.nowMs() + SESSION_MS / 2));
                twins.send("A", heartbeat(G, "A", 3), 4);
            }
            passTo(twins, joinedMs + REBALANCE_MS);
            assertThat(follower.text()).contains("REBALANCE_IN_PROGRESS");
        }
    }

    @Test
    void d13AMovedCoordinatorComesBackWithTheGenerationThatWasStored() {
        try (CoordinatorTwins twins = twins(0)) {
            twoStable(twins);
            Exchange a = twins.send("A", timed("A", null), 9);
            new ShardActs(twins, shard, new SplittableRandom(1)).reload(0);
            assertThat(a.text()).contains("NOT_COORDINATOR");
            assertThat(twins.model().classicGroup(G))
                    .isEqualTo(new ClassicGroupView(
                            ClassicState.STABLE, 2, twins.names().modelId("A"), false));
            assertThat(twins.send("B", heartbeat(G, "B", 2), 4).text()).contains("NONE");
            assertThat(twins.send("B", sync(G, "B", 2), 5).text()).contains("NONE");
        }
    }

    @Test
    void anOffsetOfAnOpenTransactionIsUnstable() {
        try (CoordinatorTwins twins = twins(0)) {
            ShardActs acts = new ShardActs(twins, shard, new SplittableRandom(1));
            var pending = acts.transactionalCommit("", -1);
            pending.topics().get(0).partitions().get(0).setPartitionIndex(0);
            pending.setProducerId(7);
            twins.send("A", pending, 3);
            var fetch =
                    ClassicMessages.fetch(G, "a", Uuid.ZERO_UUID, List.of(0, 1)).setRequireStable(true);
            assertThat(twins.send("A", fetch, 9).text()).contains("UNSTABLE_OFFSET_COMMIT");
            acts.endTransaction(7, true);
            assertThat(twins.send("A", fetch, 9).text())
                    .doesNotContain("UNSTABLE")
                    .contains("in a transaction");
        }
    }
}
