package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.handover.GroupNotice;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a round of JoinGroup and SyncGroup makes of words that come before it has ended. */
class ClassicRoundTest {
    private static boolean joins(ClassicScript script) {
        return script.outbox.isUnderWay(JoinGroupRequest.class);
    }

    /** The member assigns, syncs, and takes what it gets. */
    private static void finish(ClassicScript script) {
        script.metadata(Map.of("t", 1, "u", 1));
        script.poll();
        script.synced(tp("t", 0));
        script.poll();
    }

    @Test
    void whatAHeartbeatSaysOfARebalanceBeforeThePlanIsThereIsOfThePresentOne() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsLeader(1, "u");
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.REBALANCE_IN_PROGRESS);
        finish(script);
        script.pass(SECOND);
        script.poll();

        assertThat(joins(script)).isFalse();
    }

    @Test
    void whatACommitHearsOfARebalanceBeforeThePlanIsThereIsOfThePresentOne() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsLeader(1, "u");
        script.membership.commitRefused(BrokerError.REBALANCE_IN_PROGRESS, script.membership.identity(), script.now);
        finish(script);
        script.pass(SECOND);
        script.poll();

        assertThat(joins(script)).isFalse();
    }

    @Test
    void aSyncThatTheNextRebalanceRefusesIsASignOfTheCoordinator() {
        ClassicScript script =
                ClassicScript.stoppingAtLapse().stable(tp("t", 0)).rejoining();
        script.joinedAsFollower(2);
        script.pass(40 * SECOND);
        script.outbox.connecting = true;
        script.syncRefused(BrokerError.REBALANCE_IN_PROGRESS);
        script.pass(40 * SECOND);

        assertThat(script.membership.isMember()).isTrue();
        assertThat(script.application.events).noneMatch(GroupEvent.LeaseLapsed.class::isInstance);
    }

    @Test
    void anApplicationThatHadTakenTheEarlierFormOfANoticeIsAskedAgainBeforeTheJoin() {
        ClassicScript script =
                ClassicScript.cooperative().stable(tp("t", 0), tp("t", 1)).rejoining();
        script.joinedAsFollower(2);
        script.synced();
        GroupNotice.Revoked revoked = null;
        while (revoked == null) {
            GroupNotice next = Objects.requireNonNull(script.application.takeNext());
            revoked = next instanceof GroupNotice.Revoked taken ? taken : null;
        }
        assertThat(revoked.joinFollows()).isFalse();
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.UNKNOWN_MEMBER_ID);
        script.application.answer(revoked, script.now);
        script.turn();
        assertThat(joins(script)).as("nobody has said what the assignors want").isFalse();

        script.poll();
        assertThat(joins(script)).isTrue();
    }

    @Test
    void aJoinThatFailsAfterTheMemberHasLeftIsNotRepeated() {
        ClassicScript script = ClassicScript.eager().joining();
        script.membership.leave(Membership.Departure.DEFAULT, "unsubscribe", script.now);
        script.fail(JoinGroupRequest.class, ScriptedOutbox.disconnected());
        script.pass(2 * SECOND);
        script.poll();

        assertThat(joins(script)).isFalse();
        assertThat(script.coordinator.instance()).as("is not forgotten for it").isNotNull();
    }

    @Test
    void anApplicationWhoseAssignorsHaveNothingToSayIsAskedOnce() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("t");
        script.coordinatorFound();
        GroupNotice.Revoked asked = (GroupNotice.Revoked) Objects.requireNonNull(script.application.takeNext());
        assertThat(asked.joinFollows()).isTrue();
        script.membership.released(asked.token(), asked.partitions(), Map.of(), script.now);
        script.turn();

        assertThat(script.application.hasMail()).isFalse();
        assertThat(joins(script)).isTrue();
    }

    @Test
    void whatTheAssignorsHaveToSayIsInTheJoin() {
        ClassicScript script = ClassicScript.eager();
        script.subscribe("t");
        script.coordinatorFound();
        GroupNotice.Revoked asked = (GroupNotice.Revoked) Objects.requireNonNull(script.application.takeNext());
        ByteBuffer words = ByteBuffer.wrap(new byte[] {1, 2, 3});
        script.membership.released(asked.token(), asked.partitions(), Map.of("range", words), script.now);
        script.turn();

        assertThat(script.lastJoin().protocols().get("range").userData()).isEqualTo(words);
        assertThat(script.lastJoin().protocols().get("sticky").userData()).isNull();
    }

    @Test
    void aRoundThatEndsWellMakesUpForThoseThatDidNot() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinRefused(BrokerError.REBALANCE_IN_PROGRESS);
        script.pass(SECOND);
        script.joinRefused(BrokerError.REBALANCE_IN_PROGRESS);
        script.pass(SECOND);
        script.joinedAsFollower(1);
        script.synced(tp("t", 0));
        script.poll();
        script.rejoining();
        script.joinRefused(BrokerError.REBALANCE_IN_PROGRESS);

        assertThat(joins(script)).as("at once, as the first in a row").isTrue();
    }
}
