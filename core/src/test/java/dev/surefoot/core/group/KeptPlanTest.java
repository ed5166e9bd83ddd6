package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.MILLI;
import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.SESSION_MS;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.handover.MemberAssignment;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No partition stays without an owner because the member that had to see to it has crashed. */
class KeptPlanTest {
    /** A static leader that has returned into generation 5 and owns t-0, of t with two partitions. */
    private static ClassicScript returned() {
        ClassicScript script = ClassicScript.cooperativeStatic().joining();
        script.returnedAsLeader(5, "t");
        script.synced(tp("t", 0));
        script.poll();
        assertThat(script.outbox.isUnderWay(DescribeGroupRequest.class))
                .as("the topics are not known yet")
                .isFalse();
        script.metadata(Map.of("t", 2));
        return script;
    }

    private static int joins(ClassicScript script) {
        return script.outbox.sent(JoinGroupRequest.class).size();
    }

    @Test
    void aReturnedLeaderJoinsAnewIfThePlanLacksAPartition() {
        ClassicScript script = returned();
        DescribeGroupRequest asked = script.outbox.underWay(DescribeGroupRequest.class);
        assertThat(asked.groupId()).isEqualTo("group");
        assertThat(asked.nodeId()).isEqualTo(1);
        assertThat(asked.timeoutNanos()).isEqualTo(30 * SECOND);

        script.described(true, tp("t", 0));
        script.poll();

        assertThat(script.lastJoin().reason())
                .isEqualTo("the plan that a returned leader goes on with lacks partitions: 1");
        assertThat(script.lastClaim().owned()).containsExactly(tp("t", 0));
    }

    @Test
    void aCompletePlanIsLookedAtOnce() {
        ClassicScript script = returned();
        int joins = joins(script);
        script.described(true, tp("t", 0), tp("t", 1), tp("gone", 7));
        script.poll();
        script.passAlive(SECOND);
        script.poll();
        script.passAlive(600 * SECOND);

        assertThat(joins(script)).isEqualTo(joins);
        assertThat(script.outbox.sent(DescribeGroupRequest.class)).hasSize(1);
    }

    @Test
    void aGroupThatIsNotStableGetsAnotherPlanAnyway() {
        ClassicScript script = returned();
        int joins = joins(script);
        script.described(false);
        script.passAlive(20 * SECOND);

        assertThat(joins(script)).isEqualTo(joins);
        assertThat(script.outbox.sent(DescribeGroupRequest.class)).hasSize(1);
    }

    @Test
    void whatWasAssignedInAnEarlierGenerationSaysNothing() {
        ClassicScript script = returned();
        script.rejoining();
        script.joinedAsLeader(6, "t");
        script.metadata(Map.of("t", 2));
        script.application.nextPlan = Map.of("static-1", new MemberAssignment(List.of(tp("t", 0), tp("t", 1)), null));
        script.poll();
        script.synced(tp("t", 0), tp("t", 1));
        script.poll();
        int joins = joins(script);

        script.described(true, tp("t", 0));
        script.passAlive(20 * SECOND);

        assertThat(joins(script)).isEqualTo(joins);
        assertThat(script.outbox.sent(DescribeGroupRequest.class)).hasSize(1);
    }

    @Test
    void whatIsAnsweredDuringTheNextRebalanceSaysNothing() {
        ClassicScript script = returned();
        script.rejoining();
        script.described(true, tp("t", 0));
        script.joinedAsFollower(6);
        script.synced(tp("t", 0));
        script.poll();
        int joins = joins(script);
        script.passAlive(20 * SECOND);
        script.poll();

        assertThat(joins(script)).isEqualTo(joins);
    }

    @Test
    void whoReturnsOnceMoreAsksOnceMore() {
        ClassicScript script = returned();
        script.rejoining();
        script.returnedAsLeader(6, "t");
        script.synced(tp("t", 0));
        script.poll();
        script.metadata(Map.of("t", 2));
        int joins = joins(script);
        script.described(true, tp("t", 0));
        script.poll();
        assertThat(joins(script)).as("that was the plan before").isEqualTo(joins);

        script.described(true, tp("t", 0));
        script.poll();
        assertThat(script.lastJoin().reason()).contains("lacks partitions: 1");
    }

    @ParameterizedTest
    @EnumSource(names = {"COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"})
    void aCoordinatorThatCannotSayIsAskedAgain(BrokerError error) {
        ClassicScript script = returned();
        script.descriptionRefused(error);
        assertThat(script.outbox.isUnderWay(DescribeGroupRequest.class))
                .as("backs off")
                .isFalse();
        script.pass(SECOND);
        if (error != BrokerError.COORDINATOR_LOAD_IN_PROGRESS) {
            script.coordinatorFound();
        }
        script.pass(SECOND);

        script.described(true, tp("t", 0));
        script.poll();
        assertThat(script.lastJoin().reason()).contains("lacks partitions: 1");
    }

    @Test
    void aLostAnswerIsAskedForAgain() {
        ClassicScript script = returned();
        script.fail(DescribeGroupRequest.class, ScriptedOutbox.disconnected());
        assertThat(script.outbox.isUnderWay(DescribeGroupRequest.class))
                .as("backs off")
                .isFalse();
        assertThat(script.nextDeadlineNanos - script.now).isBetween(80 * MILLI, 120 * MILLI);
        script.pass(SECOND);

        assertThat(script.outbox.isUnderWay(DescribeGroupRequest.class)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"GROUP_AUTHORIZATION_FAILED", "UNKNOWN_SERVER_ERROR"})
    void whoMayNotAskGoesOnAsBefore(BrokerError error) {
        ClassicScript script = returned();
        int joins = joins(script);
        script.descriptionRefused(error);
        script.passAlive(60 * SECOND);

        assertThat(script.outbox.sent(DescribeGroupRequest.class)).hasSize(1);
        assertThat(joins(script)).isEqualTo(joins);
        assertThat(script.application.raised).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSUPPORTED_VERSION", "AUTHENTICATION", "MALFORMED"})
    void aBrokerThatCannotBeAskedIsAskedOnce(RequestFailure.Kind kind) {
        ClassicScript script = returned();
        script.fail(
                DescribeGroupRequest.class, new RequestFailure(kind, new UnsupportedVersionException("no such API")));
        script.passAlive(60 * SECOND);

        assertThat(script.outbox.sent(DescribeGroupRequest.class)).hasSize(1);
    }

    /** A leader whose plan gives t-1 to nobody in generation 2, since the other member has it. */
    private static ClassicScript handingOver() {
        ClassicScript script = ClassicScript.cooperative().joining();
        script.joinedAsLeaderOf(1, tp("t", 1));
        script.metadata(Map.of("t", 2));
        script.application.nextPlan = Map.of(
                "member-1", new MemberAssignment(List.of(tp("t", 0)), null),
                "other", new MemberAssignment(List.of(), null));
        script.poll();
        script.synced(tp("t", 0));
        script.poll();
        return script;
    }

    @Test
    void aLeaderBeginsTheSecondRoundIfNobodyElseDoes() {
        ClassicScript script = handingOver();
        int joins = joins(script);
        script.passAlive(SESSION_MS * MILLI - SECOND);
        script.poll();
        assertThat(joins(script)).as("who gives it up may take its time").isEqualTo(joins);

        script.passAlive(SECOND);
        script.poll();
        assertThat(script.lastJoin().reason()).isEqualTo("the second round of a rebalance has not begun");
    }

    @Test
    void aSecondRoundThatHasBegunIsNotBegunAgain() {
        ClassicScript script = handingOver();
        script.rejoining();
        assertThat(script.lastJoin().reason()).isEqualTo("group is already rebalancing");
        script.joinedAsLeaderOf(2);
        script.application.nextPlan = Map.of(
                "member-1", new MemberAssignment(List.of(tp("t", 0), tp("t", 1)), null),
                "other", new MemberAssignment(List.of(), null));
        script.metadata(Map.of("t", 2));
        script.poll();
        script.synced(tp("t", 0), tp("t", 1));
        script.poll();
        int joins = joins(script);
        script.passAlive(4L * SESSION_MS * MILLI);
        script.poll();

        assertThat(joins(script)).isEqualTo(joins);
    }

    @Test
    void newPartitionsDoNotWaitForASecondRoundThatIsAwaited() {
        ClassicScript script = handingOver();
        script.metadata(Map.of("t", 3));
        script.passAlive(SECOND);
        script.poll();

        assertThat(script.lastJoin().reason()).isEqualTo("cached metadata has changed");
    }

    /** The other member may be unable to give it up; asking for the same again would move nothing. */
    @Test
    void aSecondRoundThatStillHandsOverIsNotRepeatedForThat() {
        ClassicScript script = handingOver();
        script.passAlive(SESSION_MS * MILLI);
        script.poll();
        script.joinedAsLeaderOf(2, tp("t", 1));
        script.metadata(Map.of("t", 2));
        script.poll();
        script.synced(tp("t", 0));
        script.poll();
        int joins = joins(script);
        script.passAlive(2L * SESSION_MS * MILLI);
        script.poll();

        assertThat(joins(script)).isEqualTo(joins);
    }
}
