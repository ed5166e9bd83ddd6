package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.HEARTBEAT_MS;
import static dev.surefoot.core.group.ClassicScript.MILLI;
import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.SESSION_MS;
import static dev.surefoot.core.group.ClassicScript.nanos;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.List;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Heartbeats, the session, the poll interval, and what ends a membership. */
class ClassicSessionTest {

    @Test
    void heartbeatsGoOutAtTheirIntervalUnderTheMembersIdentity() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        int before = script.outbox.sent(HeartbeatRequest.class).size();

        script.passAlive(30 * SECOND);

        List<HeartbeatRequest> heartbeats = script.outbox.sent(HeartbeatRequest.class);
        assertThat(heartbeats.size() - before).isEqualTo(10);
        HeartbeatRequest last = heartbeats.get(heartbeats.size() - 1);
        assertThat(last.memberId()).isEqualTo("member-1");
        assertThat(last.generation()).isEqualTo(1);
        assertThat(last.timeoutNanos()).as("three fit into a session").isEqualTo(nanos(SESSION_MS) / 3);
    }

    @Test
    void aHeartbeatBehindCommitsHasTheTimeForWhichTheyMayBeHeldBack() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.coordinator.commitSent();
        script.heartbeatDue();
        assertThat(lastTimeoutNanos(script)).isEqualTo(nanos(SESSION_MS) / 3 + 5 * SECOND);

        script.heartbeatAnswered(BrokerError.NONE);
        for (int more = 0; more < 9; more++) {
            script.coordinator.commitSent();
        }
        script.heartbeatDue();
        assertThat(lastTimeoutNanos(script))
                .as("request.timeout.ms holds in any case")
                .isEqualTo(30 * SECOND);
    }

    private static long lastTimeoutNanos(ClassicScript script) {
        List<HeartbeatRequest> heartbeats = script.outbox.sent(HeartbeatRequest.class);
        return heartbeats.get(heartbeats.size() - 1).timeoutNanos();
    }

    @Test
    void g26OneHeartbeatIsUnderWayAtMost() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        int before = script.outbox.sent(HeartbeatRequest.class).size();
        script.pass(10 * SECOND);

        assertThat(script.outbox.sent(HeartbeatRequest.class)).hasSize(before + 1);
        script.heartbeatAnswered(BrokerError.NONE);
        assertThat(script.outbox.sent(HeartbeatRequest.class))
                .as("the next is overdue")
                .hasSize(before + 2);
    }

    @Test
    void gt4AHeartbeatSaysRebalanceAndHeartbeatsGoOnUntilTheApplicationPolls() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.REBALANCE_IN_PROGRESS);
        int before = script.outbox.sent(HeartbeatRequest.class).size();

        for (int i = 0; i < 20; i++) {
            script.heartbeatDue();
            script.heartbeatAnswered(BrokerError.REBALANCE_IN_PROGRESS);
        }
        assertThat(script.outbox.sent(HeartbeatRequest.class)).hasSize(before + 20);
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
        assertThat(script.membership.isMember()).isTrue();

        script.poll();
        assertThat(script.application.callbacks).containsExactly("revoked[t-0]");
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
        assertThat(script.lastJoin().reason()).isEqualTo("group is already rebalancing");
    }

    @Test
    void gt2AnEagerMemberGivesUpEverythingOncePerRebalance() {
        ClassicScript script =
                ClassicScript.eager().stable(tp("t", 0), tp("t", 1)).rejoining();
        assertThat(script.lastClaim().owned()).isEmpty();
        script.joinedAsFollower(2);
        script.syncRefused(BrokerError.REBALANCE_IN_PROGRESS);
        script.joinedAsFollower(3);
        script.synced(tp("t", 0));
        script.poll();

        assertThat(script.application.callbacks).containsExactly("revoked[t-0, t-1]", "assigned[t-0]");
    }

    @Test
    void anEagerMemberWithNothingIsToldOfARebalanceAllTheSame() {
        ClassicScript script = ClassicScript.eager().stable().rejoining();

        assertThat(script.application.callbacks).containsExactly("revoked[]");
    }

    @Test
    void gt3ACooperativeMemberKeepsWhatItKeepsAndRejoinsWithoutTheRest() {
        ClassicScript script =
                ClassicScript.cooperative().stable(tp("t", 0), tp("t", 1)).rejoining();
        assertThat(script.application.callbacks).isEmpty();
        assertThat(script.application.held).isEmpty();
        assertThat(script.lastClaim().owned()).containsExactly(tp("t", 0), tp("t", 1));
        script.joinedAsFollower(2);
        script.synced(tp("t", 0));
        assertThat(script.application.held).containsExactly(tp("t", 1));

        script.poll();
        // The listener sees the generation of the plan, which a transaction in it needs.
        assertThat(script.application.callbacks).containsExactly("identified 2", "revoked[t-1]", "assigned[]");
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
        assertThat(script.lastJoin().reason()).isEqualTo("need to revoke partitions and re-join");
        assertThat(script.lastClaim().owned()).containsExactly(tp("t", 0));
        assertThat(script.lastClaim().generation()).isEqualTo(2);
    }

    @Test
    void g5NothingIsJoinedBeforeTheRevokedPartitionsAreReleased() {
        ClassicScript script =
                ClassicScript.cooperative().stable(tp("t", 0), tp("t", 1)).rejoining();
        script.joinedAsFollower(2);
        int joins = script.outbox.sent(JoinGroupRequest.class).size();
        script.synced(tp("t", 0));

        script.passAlive(100 * SECOND);
        assertThat(script.outbox.sent(JoinGroupRequest.class)).hasSize(joins);
        assertThat(script.membership.owned()).contains(tp("t", 1));
    }

    @Test
    void aCooperativeMemberGivesUpTopicsThatItHasUnsubscribedBeforeItJoins() {
        ClassicScript script = ClassicScript.cooperative();
        script.subscribe("t", "u");
        script.poll();
        script.coordinatorFound();
        script.joinedAsFollower(1);
        script.synced(tp("t", 0), tp("u", 0));
        script.poll();

        script.subscribe("t");
        script.poll();

        assertThat(script.application.callbacks).containsExactly("assigned[t-0, u-0]", "revoked[u-0]");
        assertThat(script.lastClaim().owned()).containsExactly(tp("t", 0));
        assertThat(script.lastClaim().topics()).containsExactly("t");
    }

    @Test
    void anUnknownMemberLosesEverythingAndJoinsWithoutItsId() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        long incarnation = script.membership.identity().incarnation();
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        assertThat(script.application.held).as("at once").containsExactly(tp("t", 0));
        assertThat(script.membership.isMember()).isFalse();
        assertThat(script.membership.identity().incarnation()).isGreaterThan(incarnation);

        script.poll();
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.lastJoin().memberId()).isEmpty();
        assertThat(script.lastClaim().owned()).isEmpty();
        assertThat(script.lastClaim().generation()).isEqualTo(-1);
    }

    @Test
    void anIllegalGenerationLosesEverythingAndKeepsTheId() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.ILLEGAL_GENERATION);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.lastJoin().memberId()).isEqualTo("member-1");
    }

    @Test
    void gt14AFencedInstanceThrowsAndSendsNothingMore() {
        ClassicScript script = ClassicScript.eagerStatic().stable(tp("t", 0));
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.FENCED_INSTANCE_ID);
        int sent = script.outbox.sent.size();
        script.poll();
        script.pass(600 * SECOND);
        script.membership.enforceRebalance("again");
        script.poll();
        assertThat(script.application.raised).singleElement().isInstanceOf(FencedInstanceIdException.class);

        script.subscribe("u");
        script.poll();
        script.membership.leave(Membership.Departure.LEAVE, "closing", script.now);
        script.poll();
        script.subscribe("u");
        script.poll();
        assertThat(script.application.raised)
                .as("once for each subscription")
                .hasSize(3)
                .allMatch(FencedInstanceIdException.class::isInstance);
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.outbox.sent).hasSize(sent);
        assertThat(script.application.lefts).isEqualTo(1);
    }

    /** A commit may be one whose outcome nobody looks at. */
    @Test
    void aMemberThatHearsOfItsFencingByACommitThrows() {
        ClassicScript script = ClassicScript.eagerStatic().stable(tp("t", 0));
        script.membership.commitRefused(BrokerError.FENCED_INSTANCE_ID, script.membership.identity(), script.now);
        script.poll();
        assertThat(script.application.raised).singleElement().isInstanceOf(FencedInstanceIdException.class);
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "FENCED_INSTANCE_ID", "REBALANCE_IN_PROGRESS"})
    void gt8AHeartbeatAnswerOfAnOlderGenerationChangesNothing(BrokerError error) {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.membership.enforceRebalance("test");
        script.pass(nanos(HEARTBEAT_MS));
        script.poll();
        assertThat(script.outbox.isUnderWay(HeartbeatRequest.class)).isTrue();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0));
        script.poll();
        script.application.callbacks.clear();

        script.heartbeatAnswered(error);
        script.poll();

        assertThat(script.application.callbacks).isEmpty();
        assertThat(script.application.raised).isEmpty();
        assertThat(script.membership.isMember()).isTrue();
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
    }

    @Test
    void gt9ACommitRefusedForAnOlderGenerationChangesNothing() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        MemberIdentity old = script.membership.identity();
        script.rejoining();
        script.joinedAsFollower(2);

        script.membership.commitRefused(BrokerError.ILLEGAL_GENERATION, old, script.now);
        script.membership.commitRefused(BrokerError.UNKNOWN_MEMBER_ID, old, script.now);
        script.turn();

        assertThat(script.membership.isMember()).isTrue();
        assertThat(script.membership.isRebalancing()).isTrue();
        assertThat(script.application.held).isEmpty();
    }

    @Test
    void aCommitRefusedForThePresentIdentityEndsTheMembership() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.membership.commitRefused(BrokerError.UNKNOWN_MEMBER_ID, script.membership.identity(), script.now);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.lastJoin().memberId()).isEmpty();
    }

    @Test
    void aCommitRefusedAsTheGroupRebalancesStartsARejoin() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.membership.commitRefused(BrokerError.REBALANCE_IN_PROGRESS, script.membership.identity(), script.now);
        script.poll();

        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
        assertThat(script.application.callbacks).isEmpty();
    }

    @Test
    void aRoundThatACommitHasEndedBringsNothing() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.membership.commitRefused(BrokerError.ILLEGAL_GENERATION, script.membership.identity(), script.now);
        script.joinedAsFollower(2);
        assertThat(script.membership.isMember())
                .as("nothing of a round that is over")
                .isFalse();

        script.poll();
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEqualTo("member-1");
    }

    @Test
    void aSessionWithoutAnAnswerLooksForTheCoordinatorAndRevokesNothing() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.pass(nanos(SESSION_MS) + 10 * SECOND);

        assertThat(script.outbox.isUnderWay(HeartbeatRequest.class)).isTrue();
        assertThat(script.coordinator.instance()).isNull();
        assertThat(script.membership.isMember()).isTrue();
        assertThat(script.application.held).isEmpty();
        assertThat(script.application.events)
                .filteredOn(GroupEvent.LeaseLapsed.class::isInstance)
                .hasSize(1);
    }

    @Test
    void aCoordinatorThatIsFoundHasASessionsTimeToAnswer() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.heartbeatDue();
        script.pass(40 * SECOND);
        script.fail(HeartbeatRequest.class, ScriptedOutbox.disconnected());
        script.outbox.connecting = true;
        script.coordinatorFound();
        script.pass(nanos(SESSION_MS) - SECOND);
        assertThat(script.coordinator.instance()).isNotNull();
        script.pass(SECOND);
        assertThat(script.coordinator.instance()).isNull();
    }

    @Test
    void theLeaseIsCountedFromTheSendingOfTheLastHeartbeatThatWasAnswered() {
        ClassicScript script = ClassicScript.stoppingAtLapse().stable(tp("t", 0));
        script.heartbeatDue();
        long sent = script.now;
        script.pass(10 * SECOND);
        script.heartbeatAnswered(BrokerError.NONE);

        script.pass(sent + nanos(SESSION_MS) - MILLI - script.now);
        assertThat(script.application.held).isEmpty();
        script.pass(MILLI);
        assertThat(script.application.held).containsExactly(tp("t", 0));
        assertThat(script.application.events).contains(new GroupEvent.LeaseLapsed(sent));
        script.poll();
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
    }

    @Test
    void aFailedHeartbeatIsRepeatedAfterABackOffNotAnInterval() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.heartbeatDue();
        script.fail(HeartbeatRequest.class, ScriptedOutbox.disconnected());
        assertThat(script.coordinator.instance()).isNull();
        assertThat(script.outbox.isUnderWay(FindCoordinatorRequest.class)).isTrue();
        script.coordinatorFound();
        script.pass(200 * MILLI);

        assertThat(script.outbox.isUnderWay(HeartbeatRequest.class)).isTrue();
        assertThat(script.application.held).isEmpty();
    }

    @Test
    void anAnswerOfAForgottenCoordinatorDoesNotForgetThePresentOne() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.heartbeatDue();
        script.coordinator.forget(script.coordinator.instance(), "a commit said so");
        script.coordinator.need();
        script.turn();
        script.coordinatorFound();
        script.heartbeatAnswered(BrokerError.NOT_COORDINATOR);

        assertThat(script.coordinator.instance()).isNotNull();
    }

    @Test
    void aHeartbeatWithoutRightsIsTheApplicationsExceptionAndThePartitionsStay() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.GROUP_AUTHORIZATION_FAILED);

        assertThat(script.application.raised).singleElement().isInstanceOf(GroupAuthorizationException.class);
        assertThat(script.application.held).isEmpty();
        script.pass(200 * MILLI);
        assertThat(script.outbox.isUnderWay(HeartbeatRequest.class))
                .as("after a back-off")
                .isTrue();
    }
}
