package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.CommitWorld.Sent;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.junit.jupiter.api.Test;

/** Commits are stored in the order of the application, and each is settled once, in that order. */
class CommitsTest extends CommitScript {
    // What is sent.

    @Test
    void aCommitIsSentToTheCoordinatorUnderThePresentIdentity() {
        long id = sync(Map.of(A0, 5L));
        world.standing.raiseEpoch();
        world.turn();

        assertThat(request(0).nodeId()).isEqualTo(7);
        assertThat(request(0).identity()).isEqualTo(new MemberIdentity("g", "m", 6, "i", 1));
        assertThat(request(0).offsets()).isEqualTo(offsets(Map.of(A0, 5L)));
        assertThat(request(0).timeoutNanos()).isEqualTo(30 * SECOND);
        assertThat(world.settled()).isEmpty();
        assertThat(world.coordinator.busyNanos()).isEqualTo(5 * SECOND);

        store();
        assertThat(world.coordinator.busyNanos()).isZero();
        assertThat(world.outcome(id)).isNull();
        assertThat(world.commits.allSettled()).isTrue();
        assertThat(world.events()).contains(new GroupEvent.RequestEnded(GroupEvent.Api.COMMIT, 0));
    }

    @Test
    void aConsumerThatIsNoMemberCommitsAsNobody() {
        long id = commit(Commit.Kind.SYNC, null, Map.of(A0, 5L));
        world.standing.member = false;
        world.turn();

        assertThat(request(0).identity()).isEqualTo(MemberIdentity.none("g", null));

        answer(BrokerError.UNKNOWN_MEMBER_ID);
        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
        assertThat(world.standing.refusals).as("no membership is concerned").isEmpty();
    }

    @Test
    void aCommitOfAnEndedMembershipIsNotSent() {
        long id = sync(Map.of(A0, 5L));
        world.standing.beFenced();
        world.turn();

        assertThat(world.wire).isEmpty();
        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);

        MemberIdentity later = world.standing.identity;
        long beforeJoin = commit(Commit.Kind.ASYNC, later, Map.of(A0, 5L));
        world.turn();
        assertThat(world.outcome(beforeJoin)).isInstanceOf(CommitFailedException.class);
    }

    @Test
    void aClassicMemberThatAwaitsItsPlanDoesNotCommitExceptBeforeARebalance() {
        classic();
        world.standing.rebalancing = true;
        long id = async(Map.of(A0, 5L));
        long before = commit(Commit.Kind.BEFORE_REBALANCE, Map.of(A0, 5L));
        world.turn();

        assertThat(world.outcome(id)).isInstanceOf(RebalanceInProgressException.class);
        assertThat(world.wire).hasSize(1);
        store();
        assertThat(world.outcome(before)).isNull();
    }

    @Test
    void aConsumerProtocolMemberCommitsDuringARebalance() {
        world.standing.rebalancing = true;
        async(Map.of(A0, 5L));
        world.turn();
        assertThat(world.wire).hasSize(1);
    }

    @Test
    void anEmptyCommitNeedsNoRequestAndIsSettledInItsPlace() {
        long first = async(Map.of(A0, 5L));
        long empty = async(Map.of());
        world.turn();
        assertThat(world.settled()).isEmpty();

        store();
        assertThat(world.settledIds()).containsExactly(first, empty);
        assertThat(world.outcome(empty)).isNull();

        assertThat(world.outcome(sync(Map.of())))
                .as("at once if nothing is before it")
                .isNull();
    }

    @Test
    void asManyAreOnTheWireAsLeaveRoomForAHeartbeat() {
        for (long offset = 1; offset <= 7; offset++) {
            async(Map.of(A0, offset));
        }
        world.turn();
        assertThat(world.wire).hasSize(4);

        store();
        assertThat(world.wire).hasSize(4);
        assertThat(request(3).offsets()).isEqualTo(offsets(Map.of(A0, 5L)));
    }

    // Order.

    @Test
    void asyncCommitsAreSettledInOrderThoughOneFails() {
        for (long offset = 1; offset <= 100; offset++) {
            async(Map.of(A0, offset));
        }
        world.turn();
        for (int at = 1; at <= 100; at++) {
            answer(at == 50 ? BrokerError.COORDINATOR_LOAD_IN_PROGRESS : BrokerError.NONE);
        }

        assertThat(world.settledIds())
                .isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(world.outcome(50))
                .isInstanceOf(RetriableCommitFailedException.class)
                .hasCauseInstanceOf(CoordinatorLoadInProgressException.class);
        assertThat(world.settled()).filteredOn(one -> one.failure() != null).hasSize(1);
        assertThat(stored).containsEntry(A0, 100L);
    }

    @Test
    void aRetryDoesNotReplaceWhatALaterCommitHasStored() {
        long sync = sync(Map.of(A0, 5L, A1, 50L));
        long later = async(Map.of(A0, 6L));
        world.turn();

        answer(BrokerError.NOT_COORDINATOR);
        assertThat(world.wire).as("the retry waits for the later one").hasSize(1);
        world.pass(2 * SECOND);
        assertThat(world.wire).hasSize(1);

        store();
        assertThat(request(0).offsets()).isEqualTo(offsets(Map.of(A1, 50L)));
        store();

        assertThat(world.settledIds()).containsExactly(sync, later);
        assertThat(world.outcome(sync)).isNull();
        assertThat(stored).isEqualTo(Map.of(A0, 6L, A1, 50L));
    }

    @Test
    void aRetryGoesBeforeWhatWasNotSentYet() {
        sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        async(Map.of(A0, 6L));
        world.turn();
        assertThat(world.wire)
                .as("the retry backs off, and the later one waits")
                .isEmpty();
        assertThat(world.deadlineNanos()).isBetween(world.now + 80 * MILLI, world.now + 120 * MILLI);

        world.pass(120 * MILLI);
        assertThat(request(0).offsets()).isEqualTo(offsets(Map.of(A0, 5L)));
        assertThat(request(1).offsets()).isEqualTo(offsets(Map.of(A0, 6L)));
    }

    @Test
    void aRetryWithNothingLeftToStoreIsDone() {
        long sync = sync(Map.of(A0, 5L));
        async(Map.of(A0, 6L));
        world.turn();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        store();

        assertThat(world.outcome(sync)).isNull();
        world.pass(2 * SECOND);
        assertThat(world.wire).isEmpty();
    }

    @Test
    void anOffsetIsNotSentAgainWhenALaterOneMayHaveBeenStored() {
        long sync = sync(Map.of(A0, 5L));
        long later = async(Map.of(A0, 6L));
        world.turn();
        Sent first = onWire(0);
        Sent second = onWire(1);
        world.fail(first, RequestFailure.Kind.DISCONNECTED);
        world.fail(second, RequestFailure.Kind.DISCONNECTED);
        world.pass(2 * SECOND);

        assertThat(world.wire).isEmpty();
        assertThat(world.outcome(sync)).isNotNull();
        assertThat(world.outcome(later))
                .isInstanceOf(RetriableCommitFailedException.class)
                .hasCauseInstanceOf(DisconnectException.class);
    }

    @Test
    void aSmallerOffsetThatIsCommittedLaterIsStored() {
        async(Map.of(A0, 20L));
        async(Map.of(A0, 10L));
        world.turn();
        store();
        store();
        assertThat(stored).containsEntry(A0, 10L);
    }
}
