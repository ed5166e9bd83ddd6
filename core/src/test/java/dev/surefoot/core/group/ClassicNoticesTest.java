package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.handover.GroupNotice;
import org.junit.jupiter.api.Test;

/** What the application was asked for, taken or not, when the membership ends. */
class ClassicNoticesTest {
    @Test
    void aRevocationThatWasNotTakenBecomesALossWhenTheMembershipEnds() {
        ClassicScript script =
                ClassicScript.cooperative().stable(tp("t", 0), tp("t", 1)).rejoining();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0));
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("identified 2", "lost[t-0, t-1]");
        assertThat(script.lastClaim().owned()).isEmpty();
    }

    @Test
    void aRevocationThatWasTakenEndsAsOneAndTheRestIsLost() {
        ClassicScript script =
                ClassicScript.cooperative().stable(tp("t", 0), tp("t", 1)).rejoining();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0));
        script.application.answerNext(script.now);
        assertThat(script.application.callbacks).containsExactly("identified 2");
        GroupNotice taken = script.application.takeNext();
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        script.application.answer(taken, script.now);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("identified 2", "revoked[t-1]", "lost[t-0]");
        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEmpty();
    }

    @Test
    void anAssignmentThatWasNotTakenIsNotTakenWhenTheMembershipEnds() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0), tp("t", 1));
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
    }

    @Test
    void anAssignmentThatWasTakenIsLostWhenTheMembershipEnds() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0), tp("t", 1));
        GroupNotice taken = script.application.takeNext();
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        script.application.answer(taken, script.now);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("assigned[t-1]", "lost[t-0, t-1]");
        assertThat(script.application.owned).isEmpty();
    }

    @Test
    void anAnswerWithAnOldTokenChangesNothing() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        script.membership.taken(1, script.now);
        script.membership.released(2, ClassicScript.set(tp("t", 0)), java.util.Map.of(), script.now);
        script.turn();

        assertThat(script.membership.owned()).containsExactly(tp("t", 0));
    }
}
