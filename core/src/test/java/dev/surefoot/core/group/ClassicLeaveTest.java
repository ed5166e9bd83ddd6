package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.GroupNotice;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How the application ends its membership. */
class ClassicLeaveTest {

    private static void leave(ClassicScript script, Departure departure) {
        script.membership.leave(departure, "the consumer is being closed", script.now);
        script.turn();
    }

    /** Takes notices as unsubscribe and close do. */
    private static void takeNotices(ClassicScript script) {
        while (script.application.answerNext(script.now)) {
            script.turn();
        }
    }

    private static void leaveAnswered(ClassicScript script) {
        script.answer(LeaveGroupRequest.class, new LeaveGroupResponse(0, BrokerError.NONE, (short) 0));
    }

    @Test
    void theLeaveFollowsWhenTheApplicationHasGivenUpEverything() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        leave(script, Departure.DEFAULT);
        assertThat(script.outbox.sent(LeaveGroupRequest.class)).isEmpty();

        takeNotices(script);
        assertThat(script.application.callbacks).containsExactly("revoked[t-0]");
        assertThat(script.application.lefts).isEqualTo(1);
        LeaveGroupRequest leave = script.outbox.underWay(LeaveGroupRequest.class);
        assertThat(leave.memberId()).isEqualTo("member-1");
        assertThat(leave.reason()).isEqualTo("the consumer is being closed");
        assertThat(leave.purpose()).isEqualTo(Purpose.CONTROL);
        assertThat(script.membership.isLeaving()).isTrue();

        leaveAnswered(script);
        assertThat(script.membership.isLeaving()).isFalse();
        int sent = script.outbox.sent.size();
        script.pass(600 * SECOND);
        assertThat(script.outbox.sent).as("g34: nothing follows a leave").hasSize(sent);
    }

    @Test
    void aStaticMemberStaysUnlessItIsToLeaveForGood() {
        ClassicScript stays = ClassicScript.eagerStatic().stable(tp("t", 0));
        leave(stays, Departure.DEFAULT);
        takeNotices(stays);
        assertThat(stays.application.callbacks).containsExactly("revoked[t-0]");
        assertThat(stays.application.lefts).isEqualTo(1);
        assertThat(stays.outbox.sent(LeaveGroupRequest.class)).isEmpty();

        ClassicScript leaves = ClassicScript.eagerStatic().stable(tp("t", 0));
        leave(leaves, Departure.LEAVE);
        takeNotices(leaves);
        assertThat(leaves.outbox.isUnderWay(LeaveGroupRequest.class)).isTrue();
    }

    @Test
    void aDynamicMemberMayRemain() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        leave(script, Departure.REMAIN);
        takeNotices(script);

        assertThat(script.outbox.sent(LeaveGroupRequest.class)).isEmpty();
        assertThat(script.membership.isLeaving()).isFalse();
    }

    @Test
    void aLeaveDuringAJoinThatIsHeldBackDoesNotWaitForIt() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        int joins = script.outbox.sent(JoinGroupRequest.class).size();
        leave(script, Departure.DEFAULT);
        takeNotices(script);

        assertThat(script.application.callbacks).as("a rebalance is under way").containsExactly("lost[t-0]");
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
        assertThat(script.outbox.isUnderWay(LeaveGroupRequest.class)).isTrue();
        script.joinRefused(BrokerError.UNKNOWN_MEMBER_ID);
        script.pass(60 * SECOND);
        assertThat(script.outbox.sent(JoinGroupRequest.class)).hasSize(joins);
        assertThat(script.membership.isMember()).isFalse();
    }

    /** The coordinator never answers the SyncGroup of a member that has left, and reads nothing behind it. */
    @Test
    void aSyncThatIsHeldBackIsGivenUpWhenTheCoordinatorKnowsOfTheLeave() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        leave(script, Departure.DEFAULT);
        takeNotices(script);
        assertThat(script.outbox.isUnderWay(SyncGroupRequest.class)).isTrue();
        assertThat(script.outbox.givenUp).isEmpty();

        leaveAnswered(script);
        assertThat(script.outbox.givenUp).containsExactly("1 COORDINATOR");
        script.subscribe("t");
        script.turn();
        takeNotices(script);
        int joins = script.outbox.sent(JoinGroupRequest.class).size();
        script.outbox.fail(SyncGroupRequest.class, ScriptedOutbox.disconnected(), script.now);
        script.turn();
        assertThat(script.outbox.sent(JoinGroupRequest.class)).hasSize(joins + 1);
        assertThat(script.outbox.givenUp).hasSize(1);
    }

    @Test
    void aSyncOfTheGenerationThatLastsIsNotGivenUp() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.pass(20 * SECOND);
        assertThat(script.outbox.isUnderWay(SyncGroupRequest.class)).isTrue();
        assertThat(script.outbox.givenUp).isEmpty();
    }

    /** While a listener takes its time, the coordinator may let the member into another generation. */
    @Test
    void g29AMemberThatLeavesIsWhoItsLastJoinHasMadeIt() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        leave(script, Departure.DEFAULT);
        script.joinedAsFollower(2);
        script.heartbeatDue();

        assertThat(script.outbox.underWay(HeartbeatRequest.class).generation()).isEqualTo(2);
        takeNotices(script);
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.outbox.underWay(LeaveGroupRequest.class).memberId()).isEqualTo("member-1");
    }

    @Test
    void g29WhoLeavesTwiceIsWhoItsLastJoinHasMadeIt() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        leave(script, Departure.DEFAULT);
        leave(script, Departure.LEAVE);
        script.joinedAsFollower(2);
        script.heartbeatDue();

        assertThat(script.outbox.underWay(HeartbeatRequest.class).generation()).isEqualTo(2);
    }

    @Test
    void g29AMemberThatLeavesStaysWhoItIsWhenItsJoinIsRefused() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        leave(script, Departure.DEFAULT);
        script.joinRefused(BrokerError.REBALANCE_IN_PROGRESS);
        script.heartbeatDue();

        assertThat(script.outbox.underWay(HeartbeatRequest.class).generation()).isEqualTo(1);
        takeNotices(script);
        assertThat(script.outbox.underWay(LeaveGroupRequest.class).memberId()).isEqualTo("member-1");
    }

    /** The coordinator was told of the end of that membership; the answer makes nobody a member of the next one. */
    @Test
    void g29ALateJoinOfAnEarlierMembershipIsNotTakenOverByALaterLeave() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        leave(script, Departure.DEFAULT);
        takeNotices(script);
        leaveAnswered(script);
        script.subscribe("t");
        script.application.enterPoll();
        script.turn();
        leave(script, Departure.DEFAULT);
        leave(script, Departure.LEAVE);
        script.joinedAsFollower(2);
        script.pass(2 * ClassicScript.nanos(ClassicScript.HEARTBEAT_MS));
        assertThat(script.membership.isMember()).isFalse();

        takeNotices(script);
        assertThat(script.application.lefts).isEqualTo(2);
        assertThat(script.membership.isLeaving()).as("nobody is told again").isFalse();
    }

    @Test
    void aMemberThatLeavesOutsideOfARebalanceIsAliveUntilItHasGivenUpEverything() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0));
        leave(script, Departure.DEFAULT);
        int before = script.outbox.sent(HeartbeatRequest.class).size();
        script.passAlive(30 * SECOND);

        assertThat(script.outbox.sent(HeartbeatRequest.class)).hasSize(before + 10);
    }

    @Test
    void aJoinAnswerAfterALeaveChangesNothing() {
        ClassicScript script = ClassicScript.eager().joining();
        leave(script, Departure.DEFAULT);
        takeNotices(script);
        assertThat(script.outbox.underWay(LeaveGroupRequest.class).memberId())
                .as("the coordinator may have let it in")
                .isEqualTo("member-1");
        script.joinedAsFollower(1);
        script.poll();

        assertThat(script.membership.isMember()).isFalse();
        assertThat(script.application.callbacks).isEmpty();
        assertThat(script.outbox.sent(HeartbeatRequest.class)).isEmpty();
    }

    @Test
    void heartbeatsGoOnWhileTheApplicationGivesUp() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        leave(script, Departure.DEFAULT);
        int before = script.outbox.sent(HeartbeatRequest.class).size();
        script.passAlive(9 * SECOND);

        assertThat(script.outbox.sent(HeartbeatRequest.class)).hasSize(before + 3);
    }

    @Test
    void whatTheApplicationHadNotTakenIsReplacedByTheEnd() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0), tp("t", 1));
        leave(script, Departure.DEFAULT);
        takeNotices(script);

        assertThat(script.application.callbacks).containsExactly("revoked[t-0]");
        assertThat(script.application.lefts).isEqualTo(1);
    }

    @Test
    void whatTheApplicationHadTakenIsGivenUpThereafter() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0), tp("t", 1));
        GroupNotice taken = script.application.takeNext();
        leave(script, Departure.DEFAULT);
        script.application.answer(taken, script.now);
        script.turn();
        takeNotices(script);

        assertThat(script.application.callbacks).containsExactly("assigned[t-1]", "revoked[t-0, t-1]");
        assertThat(script.application.lefts).isEqualTo(1);
    }

    @Test
    void aMembershipThatEndsWhileLeavingIsLostAndNobodyIsTold() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        leave(script, Departure.DEFAULT);
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        takeNotices(script);

        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.application.lefts).isEqualTo(1);
        assertThat(script.outbox.sent(LeaveGroupRequest.class)).isEmpty();
    }

    @Test
    void withoutACoordinatorNobodyIsTold() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.heartbeatDue();
        script.fail(HeartbeatRequest.class, ScriptedOutbox.disconnected());
        leave(script, Departure.DEFAULT);
        takeNotices(script);

        assertThat(script.application.lefts).isEqualTo(1);
        assertThat(script.membership.isLeaving()).isFalse();
    }

    @Test
    void aLeaveWithoutAnAnswerIsDone() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        leave(script, Departure.DEFAULT);
        takeNotices(script);
        assertThat(script.membership.isLeaving()).isTrue();
        script.fail(LeaveGroupRequest.class, ScriptedOutbox.disconnected());
        assertThat(script.membership.isLeaving()).isFalse();
    }

    /** The application has not polled, and its coordinator is lost. */
    private static ClassicScript expiredWithoutACoordinator() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.heartbeatDue();
        script.fail(HeartbeatRequest.class, ScriptedOutbox.disconnected());
        script.pass(ClassicScript.nanos(ClassicScript.MAX_POLL_MS));
        assertThat(script.membership.isMember()).isFalse();
        assertThat(script.membership.isLeaving())
                .as("the coordinator is to be told")
                .isTrue();
        return script;
    }

    @Test
    void aLeaveThatFindsACoordinatorInTimeIsSent() {
        ClassicScript script = expiredWithoutACoordinator();
        script.coordinatorFound();
        assertThat(script.outbox.underWay(LeaveGroupRequest.class).reason()).contains("max.poll.interval.ms=300000");
    }

    @Test
    void aLeaveThatFindsNoCoordinatorIsGivenUpWhenTheSessionHasEnded() {
        ClassicScript script = expiredWithoutACoordinator();
        script.pass(ClassicScript.nanos(ClassicScript.SESSION_MS));
        assertThat(script.membership.isLeaving()).isFalse();
        script.coordinatorFound();
        assertThat(script.outbox.sent(LeaveGroupRequest.class)).isEmpty();
    }

    @Test
    void aLeaveThatFindsNoCoordinatorIsGivenUpWhenTheApplicationLeavesItself() {
        ClassicScript script = expiredWithoutACoordinator();
        leave(script, Departure.DEFAULT);
        takeNotices(script);
        assertThat(script.membership.isLeaving()).isFalse();
        script.coordinatorFound();
        assertThat(script.outbox.sent(LeaveGroupRequest.class)).isEmpty();
    }

    @Test
    void aLeaveThatCannotBeSentIsGivenUp() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.outbox.unreachable.add(1);
        leave(script, Departure.DEFAULT);
        takeNotices(script);

        assertThat(script.membership.isLeaving()).isFalse();
        assertThat(script.outbox.sent(LeaveGroupRequest.class)).isEmpty();
    }

    @Test
    void aLeaveWaitsForItsConnection() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.outbox.connecting = true;
        leave(script, Departure.DEFAULT);
        takeNotices(script);
        assertThat(script.membership.isLeaving()).isTrue();
        script.outbox.connecting = false;
        script.turn();

        assertThat(script.outbox.isUnderWay(LeaveGroupRequest.class)).isTrue();
    }

    @Test
    void whoHasNeverJoinedLeavesAtOnce() {
        ClassicScript script = ClassicScript.eager();
        leave(script, Departure.DEFAULT);
        takeNotices(script);

        assertThat(script.application.lefts).isEqualTo(1);
        assertThat(script.outbox.sent).isEmpty();
    }

    @Test
    void aSubscriptionAfterALeaveJoinsAsANewMember() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        long incarnation = script.membership.identity().incarnation();
        leave(script, Departure.DEFAULT);
        takeNotices(script);
        script.subscribe("t");
        script.poll();

        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEmpty();
        script.joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-2");
        script.pass(Duration.ofMillis(100).toNanos()); // it would be the fourth join in no time
        script.joinedAsFollower(5);
        script.synced(tp("t", 0));
        script.poll();
        assertThat(script.membership.identity().memberId()).isEqualTo("member-2");
        assertThat(script.membership.identity().incarnation()).isGreaterThan(incarnation);
        assertThat(script.application.callbacks).containsExactly("revoked[t-0]", "assigned[t-0]");
    }

    @Test
    void aReasonIsCutToWhatTheProtocolAllows() {
        ClassicScript script = ClassicScript.eager().stable();
        script.membership.leave(Departure.DEFAULT, "x".repeat(300), script.now);
        takeNotices(script);
        script.turn();

        assertThat(script.outbox.underWay(LeaveGroupRequest.class).reason()).hasSize(255);
    }

    /** In a rebalance others may own the partitions already; a second call does not make that undone. */
    @Test
    void aLeaveThatBeganInARebalanceStaysALoss() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.membership.leave(Membership.Departure.LEAVE, "unsubscribed", script.now);
        script.turn();
        script.membership.leave(Membership.Departure.LEAVE, "closed", script.now);
        script.poll();

        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
    }

    /** The coordinator answers what comes behind a JoinGroup on its connection when it answers that. */
    @Test
    void nothingIsSentBehindAJoinWhileTheMemberLeaves() {
        ClassicScript script =
                ClassicScript.cooperative().stable(tp("t", 0), tp("t", 1)).rejoining();
        leave(script, Departure.DEFAULT);
        assertThat(script.membership.isRebalancing()).as("commits are refused").isTrue();
        script.pass(4 * ClassicScript.HEARTBEAT_MS * ClassicScript.MILLI);
        assertThat(script.outbox.isUnderWay(HeartbeatRequest.class)).isFalse();

        script.joinedAsFollower(2);
        assertThat(script.membership.isRebalancing()).isFalse();
        takeNotices(script);
        assertThat(script.application.callbacks).containsExactly("lost[t-0, t-1]");
        assertThat(script.outbox.isUnderWay(LeaveGroupRequest.class)).isTrue();
    }

    @Test
    void aRejoinThatWasPendingEndsWithTheLeave() {
        ClassicScript script = ClassicScript.eager().joining();
        script.subscribe("t", "u");
        leave(script, Departure.DEFAULT);
        takeNotices(script);
        script.joinedAsFollower(1);
        int joins = script.outbox.sent(JoinGroupRequest.class).size();
        script.poll();
        script.pass(60 * SECOND);
        script.poll();

        assertThat(script.application.hasMail()).isFalse();
        assertThat(script.outbox.sent(JoinGroupRequest.class)).hasSize(joins);
    }
}
