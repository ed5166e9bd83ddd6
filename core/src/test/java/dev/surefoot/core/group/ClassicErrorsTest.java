package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.MILLI;
import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each error of JoinGroup and SyncGroup leads to: rows of the table of reactions. */
class ClassicErrorsTest {

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"COORDINATOR_LOAD_IN_PROGRESS", "REQUEST_TIMED_OUT"})
    void aJoinThatMayBeRepeatedIsSoAfterABackOffAtTheSameCoordinator(BrokerError error) {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinRefused(error);
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
        script.pass(120 * MILLI);

        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEqualTo("member-1");
        assertThat(script.coordinator.instance()).isNotNull();
        assertThat(script.application.raised).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"})
    void aJoinAtTheWrongBrokerIsRepeatedAtTheRightOne(BrokerError error) {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinRefused(error);
        assertThat(script.coordinator.instance()).isNull();
        assertThat(script.outbox.isUnderWay(FindCoordinatorRequest.class)).isTrue();
        script.coordinatorFound();
        script.pass(2 * SECOND);

        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEqualTo("member-1");
        assertThat(script.application.held).isEmpty();
        assertThat(script.membership.owned()).containsExactly(tp("t", 0));
    }

    @Test
    void aJoinOfAnUnknownMemberIsRepeatedWithoutTheId() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0)).rejoining();
        script.joinRefused(BrokerError.UNKNOWN_MEMBER_ID);

        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId())
                .as("at once")
                .isEmpty();
        assertThat(script.application.callbacks).as("all was given up before").containsExactly("revoked[t-0]");
        assertThat(script.membership.isMember()).isFalse();
    }

    @Test
    void aJoinOfAnUnknownMemberThatKeepsPartitionsLosesThemFirst() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinRefused(BrokerError.UNKNOWN_MEMBER_ID);
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
        assertThat(script.application.held).containsExactly(tp("t", 0));

        script.poll();
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {
                "INCONSISTENT_GROUP_PROTOCOL",
                "INVALID_GROUP_ID",
                "INVALID_SESSION_TIMEOUT",
                "GROUP_MAX_SIZE_REACHED",
                "GROUP_AUTHORIZATION_FAILED",
                "UNSUPPORTED_VERSION",
                "UNKNOWN_SERVER_ERROR"
            })
    void aJoinThatCannotSucceedIsAnExceptionOnceForEachPoll(BrokerError error) {
        ClassicScript script = ClassicScript.eager().joining();
        int joins = script.outbox.sent(JoinGroupRequest.class).size();
        script.joinRefused(error);
        script.pass(60 * SECOND);
        assertThat(script.application.raised)
                .singleElement()
                .isInstanceOf(error.exception("x").getClass());
        assertThat(script.outbox.sent(JoinGroupRequest.class))
                .as("waits for a poll")
                .hasSize(joins);

        script.poll();
        script.pass(2 * SECOND);
        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEqualTo("member-1");
        assertThat(script.application.callbacks).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"INCONSISTENT_GROUP_PROTOCOL", "GROUP_AUTHORIZATION_FAILED", "UNKNOWN_SERVER_ERROR"})
    void aSyncThatCannotSucceedIsAnExceptionAndPartitionsStay(BrokerError error) {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.syncRefused(error);

        assertThat(script.application.raised)
                .singleElement()
                .isInstanceOf(error.exception("x").getClass());
        assertThat(script.application.held).isEmpty();
        script.poll();
        script.passAlive(2 * SECOND);
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
        assertThat(script.application.callbacks).isEmpty();
    }

    @Test
    void aFencedJoinIsFinal() {
        ClassicScript script = ClassicScript.eagerStatic().joining();
        script.joinRefused(BrokerError.FENCED_INSTANCE_ID);
        script.poll();
        script.pass(60 * SECOND);

        assertThat(script.application.raised).singleElement().isInstanceOf(FencedInstanceIdException.class);
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
    }

    @Test
    void aSyncOfAnOldGenerationIsRepeatedFromTheJoinWithTheSameId() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsFollower(1);
        script.syncRefused(BrokerError.ILLEGAL_GENERATION);

        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEqualTo("member-1");
        assertThat(script.membership.isMember()).isFalse();
    }

    @Test
    void aSyncOfAnUnknownMemberIsRepeatedFromTheJoinWithoutTheId() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsFollower(1);
        script.syncRefused(BrokerError.UNKNOWN_MEMBER_ID);

        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEmpty();
    }

    @Test
    void aFencedSyncIsFinal() {
        ClassicScript script = ClassicScript.eagerStatic().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.syncRefused(BrokerError.FENCED_INSTANCE_ID);
        int sent = script.outbox.sent.size();
        script.poll();
        script.pass(60 * SECOND);

        assertThat(script.application.raised).hasSize(1);
        assertThat(script.outbox.sent).hasSize(sent);
    }

    /** The new id is stored with the leader's plan; a coordinator that takes over before then knows the earlier one. */
    @Test
    void anIdThatWasNeverSyncedMayBeUnknownAndIsReplacedByANewOneOnce() {
        ClassicScript script = ClassicScript.eagerStatic().joining();
        script.joinedAsFollower(1);
        script.syncRefused(BrokerError.FENCED_INSTANCE_ID);
        assertThat(script.application.raised).isEmpty();
        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEmpty();

        script.joinedAsFollower(2);
        script.syncRefused(BrokerError.FENCED_INSTANCE_ID);
        int sent = script.outbox.sent.size();
        script.poll();
        script.pass(60 * SECOND);
        assertThat(script.application.raised).singleElement().isInstanceOf(FencedInstanceIdException.class);
        assertThat(script.outbox.sent)
                .as("two members do not fence each other for ever")
                .hasSize(sent);
    }

    @Test
    void aSyncedIdIsAsGoodAsAnyOther() {
        ClassicScript script = ClassicScript.eagerStatic().joining();
        script.joinedAsFollower(1);
        script.syncRefused(BrokerError.FENCED_INSTANCE_ID);
        script.joinedAsFollower(2);
        script.synced(tp("t", 0));
        script.poll();
        assertThat(script.membership.isMember()).isTrue();

        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.FENCED_INSTANCE_ID);
        script.poll();
        assertThat(script.application.raised).singleElement().isInstanceOf(FencedInstanceIdException.class);
    }

    @Test
    void aSyncWithoutAnAnswerIsFollowedByARejoinAndNothingIsLost() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.fail(SyncGroupRequest.class, ScriptedOutbox.disconnected());
        script.pass(2 * SECOND);
        script.coordinatorFound();
        script.passAlive(2 * SECOND);

        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEqualTo("member-1");
        assertThat(script.lastClaim().generation()).isEqualTo(1);
        assertThat(script.application.held).isEmpty();
    }

    @Test
    void g28PermanentErrorsAreAskedAtTheSlowestPace() {
        ClassicScript script = ClassicScript.eager().joining();
        int joins = script.outbox.sent(JoinGroupRequest.class).size();
        long end = script.now + 20 * SECOND;
        while (script.now < end) {
            if (script.outbox.isUnderWay(JoinGroupRequest.class)) {
                script.joinRefused(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
            }
            script.pass(10 * MILLI);
        }

        assertThat(script.outbox.sent(JoinGroupRequest.class).size() - joins).isBetween(18, 30);
    }

    @Test
    void g39TheLeaderRejoinsOnceForNewPartitionsAfterAShortJitter() {
        ClassicScript script = ClassicScript.cooperative().joining();
        script.joinedAsLeader(1, "u");
        script.metadata(Map.of("t", 1, "u", 1));
        script.poll();
        script.synced(tp("t", 0));
        script.poll();
        script.metadata(Map.of("u", 1, "t", 1));
        script.passAlive(SECOND);
        script.poll();
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class))
                .as("nothing has changed")
                .isFalse();

        script.metadata(Map.of("t", 2, "u", 1));
        script.passAlive(300 * MILLI);
        script.poll();
        assertThat(script.lastJoin().reason()).isEqualTo("cached metadata has changed");
    }

    @Test
    void aFollowerDoesNotRejoinForNewPartitions() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.metadata(Map.of("t", 5));
        script.passAlive(SECOND);
        script.poll();

        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
        assertThat(script.membership.topicsOfInterest()).containsExactly("t");
    }

    @Test
    void gt13ALeaderThatIsToSkipTheAssignmentSyncsAtOnceAndWatchesAllTheSame() {
        ClassicScript script = ClassicScript.eagerStatic().joining();
        Map<String, dev.surefoot.core.handover.MemberSubscription> all = new LinkedHashMap<>();
        all.put("member-given", script.lastClaim());
        script.answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(
                        0,
                        BrokerError.NONE,
                        (short) 0,
                        7,
                        "consumer",
                        "range",
                        "member-given",
                        "member-given",
                        true,
                        all));
        assertThat(script.outbox.underWay(SyncGroupRequest.class).assignments()).isEmpty();
        script.synced(tp("t", 0));
        script.poll();
        assertThat(script.application.callbacks).containsExactly("assigned[t-0]");

        script.metadata(Map.of("t", 1));
        script.passAlive(SECOND);
        assertThat(script.application.hasMail())
                .as("this is the picture to compare with")
                .isFalse();
        script.metadata(Map.of("t", 2));
        script.passAlive(SECOND);
        script.poll();
        assertThat(script.lastJoin().reason()).isEqualTo("cached metadata has changed");
    }

    @Test
    void anEmptyPlanIsAShareOfNothing() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsFollower(1);
        script.answer(
                SyncGroupRequest.class, new SyncGroup.SyncGroupResponse(0, BrokerError.NONE, (short) 0, "range", null));
        script.poll();

        assertThat(script.application.callbacks).isEqualTo(List.of("assigned[]"));
    }

    @Test
    void aSyncForAnotherAssignorIsAnException() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsFollower(1);
        script.answer(
                SyncGroupRequest.class,
                new SyncGroup.SyncGroupResponse(0, BrokerError.NONE, (short) 0, "sticky", null));

        assertThat(script.application.raised).hasSize(1);
        assertThat(script.application.raised.get(0))
                .hasMessageContaining("SyncGroup")
                .hasMessageContaining("sticky");
    }
}
