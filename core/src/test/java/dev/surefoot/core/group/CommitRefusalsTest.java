package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose commits are refused, with which exception, and what the membership is told of it. */
class CommitRefusalsTest extends CommitScript {
    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "GROUP_ID_NOT_FOUND", "FENCED_MEMBER_EPOCH"})
    void aRefusedIdentityIsReportedToTheMembershipIfItIsThePresentOne(BrokerError error) {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        answer(error);
        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
        assertThat(world.standing.refusals).containsExactly(error);

        long old = sync(Map.of(A0, 5L));
        world.turn();
        world.standing.raiseEpoch();
        answer(error);
        assertThat(world.outcome(old)).isInstanceOf(CommitFailedException.class);
        assertThat(world.standing.refusals).as("an old identity").containsExactly(error);
    }

    @Test
    void aRefusalOfAnOldGenerationDuringAJoinIsARebalance() {
        classic();
        long id = sync(Map.of(A0, 5L));
        world.turn();
        world.standing.raiseEpoch();
        world.standing.rebalancing = true;
        answer(BrokerError.ILLEGAL_GENERATION);

        assertThat(world.outcome(id)).isInstanceOf(RebalanceInProgressException.class);
        assertThat(world.standing.refusals).isEmpty();
    }

    @Test
    void aRebalanceMakesTheMemberJoinAnew() {
        long id = async(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.REBALANCE_IN_PROGRESS);
        assertThat(world.outcome(id)).isInstanceOf(RebalanceInProgressException.class);
        assertThat(world.standing.refusals).containsExactly(BrokerError.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aTwinOfAStaticMemberFencesIt() {
        long id = async(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.FENCED_INSTANCE_ID);
        assertThat(world.outcome(id)).isInstanceOf(FencedInstanceIdException.class);
        assertThat(world.standing.refusals).containsExactly(BrokerError.FENCED_INSTANCE_ID);
    }

    @Test
    void aStaleEpochThatWasRaisedMeanwhileIsSentAgainOnce() {
        long id = async(Map.of(A0, 5L));
        world.turn();
        world.standing.raiseEpoch();
        answer(BrokerError.STALE_MEMBER_EPOCH);
        assertThat(request(0).identity().epoch()).isEqualTo(6);
        world.standing.raiseEpoch();
        answer(BrokerError.STALE_MEMBER_EPOCH);

        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
        assertThat(world.wire).isEmpty();
        assertThat(world.standing.refusals).isEmpty();
    }

    @Test
    void aStaleEpochIsNotSentAgainForPartitionsThatWereTakenAway() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        world.standing.raiseEpoch();
        world.standing.owned.remove(A0);
        answer(BrokerError.STALE_MEMBER_EPOCH);
        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
    }

    @Test
    void aStaleEpochThatIsThePresentOneIsReported() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.STALE_MEMBER_EPOCH);
        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
        assertThat(world.standing.refusals).containsExactly(BrokerError.STALE_MEMBER_EPOCH);
    }

    @Test
    void beforeARebalanceAStaleEpochIsSentAgainWithEachNewOne() {
        long id = commit(Commit.Kind.BEFORE_REBALANCE, Map.of(A0, 5L));
        world.turn();
        world.standing.owned.remove(A0);
        answer(BrokerError.STALE_MEMBER_EPOCH);
        assertThat(world.wire).as("backs off until the epoch is known").isEmpty();
        world.standing.raiseEpoch();
        world.pass(SECOND);
        world.standing.raiseEpoch();
        answer(BrokerError.STALE_MEMBER_EPOCH);
        assertThat(request(0).identity().epoch()).as("at once").isEqualTo(7);
        store();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void whatWaitsBehindARefusedCommitIsNotSentOnceTheMembershipIsOver() {
        sync(Map.of(A0, 5L));
        world.turn();
        long next = async(Map.of(A0, 6L));
        world.standing.beFenced();
        answer(BrokerError.UNKNOWN_MEMBER_ID);
        assertThat(world.wire).isEmpty();
        assertThat(world.outcome(next)).isInstanceOf(CommitFailedException.class);
    }

    @Test
    void whatWasNotSentBeforeItsPartitionsWereGivenUpIsNotSentAfterwards() {
        long sent = async(Map.of(A0, 4L));
        world.turn();
        world.notReady();
        long waiting = async(Map.of(A0, 5L, A1, 6L));
        long others = async(Map.of(B0, 7L));
        world.commits.release(Set.of(A0));
        world.turn();
        world.ready();

        store();
        store();
        assertThat(world.outcome(sent)).as("it went out before").isNull();
        assertThat(world.outcome(waiting))
                .isInstanceOf(CommitFailedException.class)
                .hasMessageContaining("a-0");
        assertThat(world.outcome(others)).isNull();
        assertThat(stored).isEqualTo(Map.of(A0, 4L, B0, 7L));
    }

    @Test
    void whatWasSentBeforeItsPartitionsWereGivenUpIsNotSentAgain() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        world.commits.release(Set.of(A0));
        world.turn();
        assertThat(world.settled()).as("its answer may come").isEmpty();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        world.pass(2 * SECOND);
        assertThat(world.wire).isEmpty();
        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
    }

    @Test
    void aCommitByNoMemberGivesNothingUp() {
        world.notReady();
        long id = commit(Commit.Kind.SYNC, null, Map.of(A0, 5L));
        world.commits.release(Set.of(A0));
        world.turn();
        world.ready();
        world.turn();
        store();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void whoIsNoMemberIsToldSoInARebalanceToo() {
        world.standing.rebalancing = true;
        long id = sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.UNKNOWN_MEMBER_ID);

        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
    }

    @Test
    void whatWasNotSentYetWhenItsPartitionsAreGivenUpIsNotSent() {
        long id = sync(Map.of(A0, 5L));
        world.commits.release(Set.of(A0));
        world.turn();

        assertThat(world.wire).isEmpty();
        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
    }
}
