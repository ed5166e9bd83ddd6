package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.MILLI;
import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.GroupEvent.Api;
import dev.surefoot.core.group.GroupEvent.MembershipEnded;
import dev.surefoot.core.group.GroupEvent.RebalanceEnded;
import dev.surefoot.core.group.GroupEvent.RebalanceStarted;
import dev.surefoot.core.group.GroupEvent.RequestEnded;
import dev.surefoot.core.group.GroupEvent.RoundFailed;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.Test;

/** What the log and the metrics are told of a membership of the classic protocol. */
class ClassicEventsTest {
    private static <E extends GroupEvent> List<E> events(ClassicScript script, Class<E> kind) {
        return script.application.events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** The heartbeat goes out three seconds after the generation has begun. */
    @Test
    void eachRequestThatIsAnsweredInOrderTellsHowLongItTook() {
        ClassicScript script = ClassicScript.eager().joining();
        script.pass(200 * MILLI);
        script.joinedAsFollower(1);
        script.pass(300 * MILLI);
        script.synced(tp("t", 0));
        script.poll();
        script.heartbeatDue();
        script.pass(50 * MILLI);
        script.heartbeatAnswered(BrokerError.NONE);

        assertThat(events(script, RequestEnded.class))
                .containsExactly(
                        new RequestEnded(Api.JOIN, 200 * MILLI),
                        new RequestEnded(Api.SYNC, 300 * MILLI),
                        new RequestEnded(Api.HEARTBEAT, 350 * MILLI));
        assertThat(events(script, GroupEvent.HeartbeatSent.class)).hasSize(1);
        assertThat(events(script, RoundFailed.class)).isEmpty();
    }

    @Test
    void aRebalanceLastsFromItsReasonUntilTheApplicationHasTakenItsPlan() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("t");
        script.poll();
        script.pass(SECOND);
        script.coordinatorFound();
        script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-1");
        script.joinedAsFollower(1);
        script.synced(tp("t", 0), tp("t", 1));
        script.pass(SECOND);
        assertThat(events(script, RebalanceEnded.class)).isEmpty();
        script.poll();

        assertThat(events(script, RebalanceStarted.class)).containsExactly(new RebalanceStarted(""));
        assertThat(events(script, RebalanceEnded.class)).containsExactly(new RebalanceEnded(1, 2, 2 * SECOND, false));
        assertThat(events(script, MembershipEnded.class)).isEmpty();
    }

    @Test
    void eachRoundWithoutAGenerationHasFailed() {
        ClassicScript script = ClassicScript.eager().joining();
        assertThat(events(script, RoundFailed.class))
                .as("a member id is a part of the protocol")
                .isEmpty();
        script.joinRefused(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(events(script, RoundFailed.class)).hasSize(1);
        script.pass(SECOND);
        script.fail(JoinGroupRequest.class, ScriptedOutbox.disconnected());
        assertThat(events(script, RoundFailed.class)).hasSize(2);
        script.pass(SECOND);
        script.coordinatorFound();
        script.pass(2 * SECOND);
        script.joinedAsFollower(1);
        script.fail(SyncGroupRequest.class, ScriptedOutbox.disconnected());
        assertThat(events(script, RoundFailed.class)).hasSize(3);
    }

    @Test
    void aRoundForAnotherAssignorHasFailed() {
        ClassicScript script = ClassicScript.eager().joining();
        script.answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(
                        0, BrokerError.NONE, (short) 0, 1, "consumer", "other", "leader", "member-1", false, Map.of()));
        assertThat(events(script, RoundFailed.class)).hasSize(1);
        script.poll();
        script.pass(2 * SECOND);
        script.joinedAsFollower(1);
        script.answer(SyncGroupRequest.class, new SyncGroupResponse(0, BrokerError.NONE, (short) 0, "other", null));
        assertThat(events(script, RoundFailed.class)).hasSize(2);
        assertThat(events(script, RebalanceEnded.class)).hasSize(2).allMatch(RebalanceEnded::failed);
    }

    @Test
    void anAnswerOfAnotherProtocolTypeIsNone() {
        ClassicScript script = ClassicScript.eager().joining();
        script.answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(
                        0, BrokerError.NONE, (short) 0, 1, "connect", "range", "leader", "member-1", false, Map.of()));
        assertThat(script.membership.isMember()).isFalse();
        assertThat(script.application.raised).hasSize(1);
    }

    @Test
    void anAnswerWithoutATypeIsOneOfAnOldBroker() {
        ClassicScript script = ClassicScript.eager().joining();
        script.answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(
                        0, BrokerError.NONE, (short) 0, 1, null, "range", "leader", "member-1", false, Map.of()));
        assertThat(script.membership.isMember()).isTrue();
    }

    @Test
    void theEndOfAMembershipIsToldWithItsReason() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        assertThat(events(script, MembershipEnded.class))
                .containsExactly(new MembershipEnded("UNKNOWN_MEMBER_ID", null));
        assertThat(events(script, RebalanceStarted.class))
                .last()
                .isEqualTo(new RebalanceStarted("membership ended: UNKNOWN_MEMBER_ID"));
    }

    @Test
    void theEndByAFencingIsToldWithItsException() {
        ClassicScript script = ClassicScript.eagerStatic().stable(tp("t", 0));
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.FENCED_INSTANCE_ID);
        assertThat(events(script, MembershipEnded.class))
                .singleElement()
                .satisfies(end -> assertThat(end.failure()).isInstanceOf(FencedInstanceIdException.class));
    }

    @Test
    void theEndByTheApplicationsSilenceIsTold() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.passAlive(ClassicScript.nanos(ClassicScript.MAX_POLL_MS));
        assertThat(events(script, MembershipEnded.class))
                .singleElement()
                .satisfies(end -> assertThat(end.reason()).contains("max.poll.interval.ms=300000"));
    }

    @Test
    void whoHasNeverJoinedHasNoMembershipThatEnds() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinRefused(BrokerError.UNKNOWN_MEMBER_ID);
        script.pass(ClassicScript.nanos(ClassicScript.MAX_POLL_MS));
        assertThat(events(script, MembershipEnded.class)).isEmpty();
    }
}
