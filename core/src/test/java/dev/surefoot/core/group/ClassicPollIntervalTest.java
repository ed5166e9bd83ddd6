package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.MAX_POLL_MS;
import static dev.surefoot.core.group.ClassicScript.MILLI;
import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.nanos;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import org.junit.jupiter.api.Test;

/** An application that does not poll is no member any more after max.poll.interval.ms. */
class ClassicPollIntervalTest {
    @Test
    void gt5AnApplicationThatDoesNotPollLeavesAndRejoinsWithItsNextPoll() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.passAlive(nanos(MAX_POLL_MS) - MILLI);
        assertThat(script.outbox.isUnderWay(LeaveGroupRequest.class)).isFalse();
        script.passAlive(MILLI);

        LeaveGroupRequest leave = script.outbox.underWay(LeaveGroupRequest.class);
        assertThat(leave.memberId()).isEqualTo("member-1");
        assertThat(leave.reason()).contains("max.poll.interval.ms=" + MAX_POLL_MS);
        assertThat(script.application.held).containsExactly(tp("t", 0));
        int joins = script.outbox.sent(JoinGroupRequest.class).size();
        int heartbeats = script.outbox.sent(HeartbeatRequest.class).size();
        script.pass(600 * SECOND);
        assertThat(script.outbox.sent(JoinGroupRequest.class)).hasSize(joins);
        assertThat(script.outbox.sent(HeartbeatRequest.class)).as("g34").hasSize(heartbeats);
        assertThat(script.outbox.sent(LeaveGroupRequest.class)).hasSize(1);

        script.poll();
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEmpty();
    }

    @Test
    void gt5AStaticMemberThatDoesNotPollLosesEverythingWithoutALeave() {
        ClassicScript script = ClassicScript.eagerStatic().stable(tp("t", 0));
        script.passAlive(nanos(MAX_POLL_MS));
        assertThat(script.application.held).containsExactly(tp("t", 0));
        assertThat(script.outbox.sent(LeaveGroupRequest.class)).isEmpty();

        script.poll();
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.outbox.underWay(JoinGroupRequest.class).instanceId()).isEqualTo("static-1");
    }

    @Test
    void g38AStaticMemberThatReturnsStillHandsOverWhatItHadGivenUp() {
        ClassicScript script =
                ClassicScript.cooperativeStatic().stable(tp("t", 0), tp("t", 1)).rejoining();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0));
        script.passAlive(nanos(MAX_POLL_MS));
        script.poll();
        script.joinedAsFollower(2);
        script.synced(tp("t", 0));
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();

        script.poll();
        script.poll();
        assertThat(script.lastJoin().reason()).isEqualTo("need to revoke partitions and re-join");
        assertThat(script.outbox.underWay(JoinGroupRequest.class)).isSameAs(script.lastJoin());
        script.joinedAsFollower(3);
        script.synced(tp("t", 0));
        script.poll();
        script.poll();
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
    }

    @Test
    void g36ThePollIntervalEndsTheMembershipWithoutACoordinator() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.heartbeatDue();
        script.fail(HeartbeatRequest.class, ScriptedOutbox.disconnected());
        script.pass(nanos(MAX_POLL_MS));

        assertThat(script.coordinator.instance()).isNull();
        assertThat(script.membership.isMember()).isFalse();
        assertThat(script.application.held).containsExactly(tp("t", 0));
    }

    @Test
    void timeInsidePollDoesNotCount() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        script.application.enterPoll();
        script.passAlive(2 * nanos(MAX_POLL_MS));
        script.application.leavePoll(script.now);
        script.passAlive(nanos(MAX_POLL_MS) - MILLI);

        assertThat(script.membership.isMember()).isTrue();
    }

    @Test
    void aMemberThatDoesNotPollWhileItsJoinIsHeldBackLeavesBesideIt() {
        ClassicScript script = ClassicScript.cooperative().stable(tp("t", 0)).rejoining();
        script.pass(nanos(MAX_POLL_MS));
        assertThat(script.outbox.underWay(LeaveGroupRequest.class).memberId()).isEqualTo("member-1");

        script.joinRefused(BrokerError.UNKNOWN_MEMBER_ID);
        script.poll();
        assertThat(script.application.callbacks).containsExactly("lost[t-0]");
        assertThat(script.outbox.underWay(JoinGroupRequest.class).memberId()).isEmpty();
    }
}
