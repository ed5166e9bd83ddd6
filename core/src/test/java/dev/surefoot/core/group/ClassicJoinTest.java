package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.MAX_POLL_MS;
import static dev.surefoot.core.group.ClassicScript.MILLI;
import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.nanos;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

/** From outside the group to an assignment: rows of the client's table, one by one. */
class ClassicJoinTest {

    @Test
    void nothingIsJoinedBeforeTheApplicationPolls() {
        ClassicScript script = ClassicScript.eager();

        script.subscribe("t");
        script.coordinatorFound();
        script.pass(60 * SECOND);
        assertThat(script.outbox.sent(JoinGroupRequest.class)).isEmpty();

        script.poll();
        assertThat(script.outbox.sent(JoinGroupRequest.class)).hasSize(1);
        assertThat(script.application.callbacks).as("there is nothing to lose").isEmpty();
    }

    @Test
    void theFirstJoinSaysWhatIsConfigured() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("u", "t");
        script.poll();
        script.coordinatorFound();

        JoinGroupRequest join = script.lastJoin();
        assertThat(join.memberId()).isEmpty();
        assertThat(join.protocols().keySet()).containsExactly("range", "sticky");
        assertThat(script.lastClaim().topics()).containsExactly("t", "u");
        assertThat(script.lastClaim().owned()).isEmpty();
        assertThat(script.lastClaim().generation()).isEqualTo(-1);
        assertThat(join.sessionTimeoutMs()).isEqualTo(ClassicScript.SESSION_MS);
        assertThat(join.rebalanceTimeoutMs()).isEqualTo(MAX_POLL_MS);
        assertThat(join.timeoutNanos())
                .as("the coordinator holds it back for up to a rebalance")
                .isEqualTo(nanos(MAX_POLL_MS) + 5 * SECOND);
    }

    @Test
    void aRequiredMemberIdIsTakenAndTheJoinIsRepeatedAtOnce() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("t");
        script.poll();
        script.coordinatorFound();
        long before = script.now;

        script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-1");

        assertThat(script.now).isEqualTo(before);
        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEqualTo("member-1");
        assertThat(script.application.raised).isEmpty();
        assertThat(script.membership.isMember()).isFalse();
    }

    /** The coordinator drops an id that is not used within session.timeout.ms: back-offs longer than that never end. */
    @Test
    void aGivenMemberIdIsUsedAtOnceAfterAnyNumberOfFailures() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("t");
        script.poll();
        script.coordinatorFound();
        for (int failures = 0; failures < 5; failures++) {
            String id = "member-" + failures;
            script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, id);
            assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId())
                    .isEqualTo(id);
            script.joinRefused(BrokerError.UNKNOWN_MEMBER_ID);
            script.pass(2 * SECOND);
            assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId())
                    .isEmpty();
        }
    }

    @Test
    void aCoordinatorThatGivesOneIdAfterTheOtherIsNotAskedWithoutEnd() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("t");
        script.poll();
        script.coordinatorFound();
        script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-1");
        script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-2");
        script.pass(SECOND);
        script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-3");
        script.pass(SECOND);
        script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-4");
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
    }

    @Test
    void aFollowerSyncsWithoutAPlanAndIsStableWhenTheApplicationHasTaken() {
        ClassicScript script = ClassicScript.eager().joining();

        script.joinedAsFollower(1);
        SyncGroupRequest sync = script.outbox.underWay(SyncGroupRequest.class);
        assertThat(sync.memberId()).isEqualTo("member-1");
        assertThat(sync.generation()).isEqualTo(1);
        assertThat(sync.assignor()).isEqualTo("range");
        assertThat(sync.assignments()).isEmpty();
        assertThat(sync.timeoutNanos()).as("the leader may be slow").isEqualTo(nanos(MAX_POLL_MS) + 5 * SECOND);

        script.synced(tp("t", 1), tp("t", 0));
        assertThat(script.membership.isRebalancing()).isFalse();
        assertThat(script.membership.owned())
                .as("the application has not taken them")
                .isEmpty();

        script.poll();
        assertThat(script.application.callbacks).containsExactly("assigned[t-0, t-1]");
        assertThat(script.membership.owned()).containsExactly(tp("t", 0), tp("t", 1));
        assertThat(script.membership.identity().memberId()).isEqualTo("member-1");
        assertThat(script.membership.identity().epoch()).isEqualTo(1);
    }

    @Test
    void aShareOfNothingIsACompletedRebalance() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsFollower(1);
        script.synced();
        script.poll();

        assertThat(script.application.callbacks).containsExactly("assigned[]");
    }

    @Test
    void anUnknownAssignorInTheAnswerIsAClearError() {
        ClassicScript script = ClassicScript.eager().joining();
        script.answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(
                        0, BrokerError.NONE, (short) 0, 1, "consumer", "other", "leader", "member-1", false, Map.of()));

        assertThat(script.application.raised)
                .singleElement()
                .isInstanceOf(InconsistentGroupProtocolException.class)
                .asString()
                .contains("other", "range", "assignor in common");
    }

    @Test
    void gt7ALostJoinAnswerIsFollowedByAJoinWithTheSameId() {
        ClassicScript script = ClassicScript.eager().joining();

        script.fail(JoinGroupRequest.class, ScriptedOutbox.disconnected());
        assertThat(script.coordinator.instance()).isNull();
        script.pass(2 * SECOND);
        script.coordinatorFound();

        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEqualTo("member-1");
        assertThat(script.application.raised).isEmpty();
    }

    @Test
    void gt6ACoordinatorThatMovesBetweenJoinAndSyncCostsARejoinAndNothingElse() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);

        script.syncRefused(BrokerError.NOT_COORDINATOR);
        script.pass(2 * SECOND);
        script.coordinatorFound();
        script.passAlive(2 * SECOND);
        assertThat(script.lastJoin().memberId()).isEqualTo("member-1");
        script.joinedAsFollower(3);
        script.syncRefused(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        script.passAlive(2 * SECOND);

        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
        assertThat(script.application.raised).isEmpty();
        assertThat(script.application.callbacks).isEmpty();
        assertThat(script.application.held).isEmpty();
        assertThat(script.membership.owned()).containsExactly(tp("t", 0));
        assertThat(script.membership.identity().epoch()).isEqualTo(3);
    }

    @Test
    void gt10ARejoinClaimsThePartitionsOfTheLastSyncAtItsGeneration() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();

        for (int generation = 2; generation <= 3; generation++) {
            script.joinedAsFollower(generation);
            script.syncRefused(BrokerError.REBALANCE_IN_PROGRESS);
            assertThat(script.outbox.isUnderWay(JoinGroupRequest.class))
                    .as("at once")
                    .isTrue();
            assertThat(script.application.hasMail()).as("not prepared again").isFalse();
        }

        assertThat(script.lastJoin().memberId()).isEqualTo("member-1");
        assertThat(script.lastClaim().owned()).containsExactly(tp("t", 0));
        assertThat(script.lastClaim().generation()).isEqualTo(1);
    }

    @Test
    void answersThatAskForAJoinAtOnceDoSoAFewTimesOnly() {
        ClassicScript script = ClassicScript.eager().joining();
        int joins = script.outbox.sent(JoinGroupRequest.class).size();

        int refused = 0;
        long end = script.now + 100 * MILLI;
        while (script.now <= end && script.outbox.isUnderWay(JoinGroupRequest.class)) {
            script.joinRefused(BrokerError.REBALANCE_IN_PROGRESS);
            refused++;
            assertThat(refused).isLessThan(10);
        }

        assertThat(script.outbox.sent(JoinGroupRequest.class).size() - joins).isLessThanOrEqualTo(3);
        script.pass(2 * SECOND);
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
    }

    @Test
    void aPlanForAnEarlierSubscriptionIsNotTaken() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsFollower(1);
        script.subscribe("u");
        script.synced(tp("t", 0));
        script.poll();

        assertThat(script.application.callbacks).containsExactly("identified 1", "revoked[]");
        assertThat(script.membership.owned()).isEmpty();
        assertThat(script.lastClaim().topics()).containsExactly("u");
    }

    @Test
    void aSubscriptionThatChangesBeforeTheJoinIsJoinedWith() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("t");
        script.subscribe("u");
        script.poll();
        script.subscribe("v");
        script.poll();
        script.coordinatorFound();

        assertThat(script.lastClaim().topics()).containsExactly("v");
        assertThat(script.outbox.sent(JoinGroupRequest.class)).hasSize(1);
    }

    @Test
    void gt17ASubscriptionThatChangesWhileTakingIsJoinedWithNext() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsFollower(1);
        script.synced(tp("t", 0));
        script.membership.subscribe(Set.of("t", "u"), null, script.now);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("assigned[t-0]", "revoked[t-0]");
        assertThat(script.lastClaim().topics()).containsExactly("t", "u");
        assertThat(script.lastJoin().reason()).isEqualTo("topic subscription changed");
    }

    /** An assignor that gives what nobody has subscribed to. */
    @Test
    void plansThatDoNotFitAreNotAskedForWithoutEnd() {
        ClassicScript script = ClassicScript.eager().joining();
        int joinsBefore = script.outbox.sent(JoinGroupRequest.class).size();
        long end = script.now + 10 * SECOND;
        for (int generation = 1; script.now < end; generation++) {
            script.joinedAsFollower(generation);
            script.synced(tp("other", 0));
            while (!script.outbox.isUnderWay(JoinGroupRequest.class)) {
                script.passAlive(10 * MILLI);
                script.poll();
            }
        }
        assertThat(script.outbox.sent(JoinGroupRequest.class).size() - joinsBefore)
                .isLessThan(20);

        script.joinedAsFollower(100);
        script.synced(tp("t", 0));
        script.poll();
        assertThat(script.membership.owned()).containsExactly(tp("t", 0));
    }

    @Test
    void aPatternForTheCoordinatorIsRefused() {
        ClassicScript script = ClassicScript.eager();
        assertThatThrownBy(() -> script.membership.subscribe(Set.of(), "t.*", script.now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.util.regex.Pattern");
    }

    @Test
    void aBrokerWithoutTheApiIsAnExceptionAndNotAReasonToLookElsewhere() {
        ClassicScript script = ClassicScript.eager().joining();
        KafkaException cause = new UnsupportedVersionException("too old");
        script.fail(JoinGroupRequest.class, new RequestFailure(RequestFailure.Kind.UNSUPPORTED_VERSION, cause));

        assertThat(script.application.raised).containsExactly(cause);
        assertThat(script.coordinator.instance()).isNotNull();
    }

    /** For example the assignment that a leader of another make has sent. */
    @Test
    void anAnswerThatCannotBeReadIsAnException() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsFollower(1);
        KafkaException cause = new KafkaException("cannot be read");
        script.fail(SyncGroupRequest.class, new RequestFailure(RequestFailure.Kind.MALFORMED, cause));

        assertThat(script.application.raised).containsExactly(cause);
        assertThat(script.coordinator.instance()).isNotNull();
        script.passAlive(60 * SECOND);
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class))
                .as("before the next poll")
                .isFalse();
        script.poll();
        script.passAlive(2 * SECOND);
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
    }

    @Test
    void aCoordinatorThatCannotBeReachedIsLookedForAnew() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("t");
        script.poll();
        script.outbox.unreachable.add(1);
        script.coordinatorFound();
        assertThat(script.coordinator.instance()).isNull();
        assertThat(script.outbox.isUnderWay(FindCoordinatorRequest.class))
                .as("after a back-off")
                .isFalse();

        script.pass(2 * SECOND);
        assertThat(script.outbox.isUnderWay(FindCoordinatorRequest.class)).isTrue();
    }

    @Test
    void aJoinOrSyncUnderWayMayHoldBackOthers() {
        ClassicScript script = ClassicScript.eager().joining();
        assertThat(script.membership.isHeldBack()).isTrue();
        script.joinedAsFollower(1);
        assertThat(script.membership.isHeldBack()).isTrue();
        script.synced(tp("t", 0));
        assertThat(script.membership.isHeldBack()).isFalse();
    }

    @Test
    void noHeartbeatWaitsBehindAJoinOrSyncThatIsHeldBack() {
        ClassicScript script = ClassicScript.eager().joining();
        script.pass(60 * SECOND);
        script.joinedAsFollower(1);
        script.pass(60 * SECOND);

        assertThat(script.outbox.sent(HeartbeatRequest.class)).isEmpty();
        assertThat(script.coordinator.instance()).as("it is not taken for dead").isNotNull();
        script.synced();
        script.pass(3 * SECOND);
        assertThat(script.outbox.sent(HeartbeatRequest.class)).hasSize(1);
    }
}
