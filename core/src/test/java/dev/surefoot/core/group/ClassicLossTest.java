package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.MILLI;
import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.handover.GroupNotice;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.Test;

/** What follows the end of a membership, by what the member was about to do. */
class ClassicLossTest {
    private static boolean joins(ClassicScript script) {
        return script.outbox.isUnderWay(JoinGroupRequest.class);
    }

    @Test
    void whoWasStableWithNothingPreparesItsNextJoinAllTheSame() {
        ClassicScript script = ClassicScript.eager().stable();
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        script.pass(SECOND);
        assertThat(joins(script)).as("before the application has prepared it").isFalse();

        script.poll();
        assertThat(joins(script)).isTrue();
    }

    @Test
    void aBackOffIsNotCutShortByTheEndOfTheMembership() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.syncRefused(BrokerError.GROUP_AUTHORIZATION_FAILED);
        script.membership.commitRefused(BrokerError.UNKNOWN_MEMBER_ID, script.membership.identity(), script.now);
        script.turn();
        script.poll();
        assertThat(script.membership.isMember()).isFalse();
        assertThat(joins(script)).as("the exception was just thrown").isFalse();

        script.pass(120 * MILLI);
        assertThat(joins(script)).isTrue();
    }

    @Test
    void aTwinThatIsHeardOfWhileTheMemberLeavesIsToldToTheApplication() {
        ClassicScript script = ClassicScript.eagerStatic().joining();
        script.joinedAsLeader(1, "t");
        script.metadata(Map.of("t", 1));
        script.membership.leave(Departure.DEFAULT, "close", script.now);
        assertThat(script.membership.isLeaving())
                .as("the assignor has not answered")
                .isTrue();
        script.membership.commitRefused(BrokerError.FENCED_INSTANCE_ID, script.membership.identity(), script.now);
        script.turn();

        assertThat(script.application.raised).singleElement().isInstanceOf(FencedInstanceIdException.class);
    }

    @Test
    void theLossInWhichAnEarlierMembershipWasLeftIsNoneOfALaterOne() {
        ClassicScript script = ClassicScript.eager().joining();
        script.membership.leave(Departure.DEFAULT, "unsubscribe", script.now);
        script.joinedAsFollower(1);
        script.poll();
        script.pass(SECOND);
        script.subscribe("t");
        script.poll();
        script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-2");
        script.joinedAsFollower(2);
        script.synced(tp("t", 0));
        script.poll();
        script.application.callbacks.clear();
        script.membership.leave(Departure.DEFAULT, "unsubscribe", script.now);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("revoked[t-0]");
    }

    @Test
    void anAssignorThatThrowsForAGenerationThatIsOverIsNoException() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsLeader(1, "t");
        script.metadata(Map.of("t", 1));
        GroupNotice wanted = script.application.takeNext();
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        script.application.assignorFailure = new KafkaException("too few members");
        script.application.answer(wanted, script.now);
        script.turn();

        assertThat(script.application.raised).isEmpty();
        script.poll();
        script.pass(SECOND);
        assertThat(script.lastJoin().memberId()).isEmpty();
    }

    @Test
    void anAssignorThatThrowsWhileTheMemberLeavesDoesNotHoldItBack() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsLeader(1, "t");
        script.metadata(Map.of("t", 1));
        GroupNotice wanted = script.application.takeNext();
        script.membership.leave(Departure.DEFAULT, "close", script.now);
        script.application.assignorFailure = new KafkaException("too few members");
        script.application.answer(wanted, script.now);
        script.turn();
        script.poll();

        assertThat(script.application.lefts).isEqualTo(1);
        assertThat(script.application.raised).isEmpty();
        assertThat(script.outbox.isUnderWay(LeaveGroupRequest.class)).isTrue();
    }
}
