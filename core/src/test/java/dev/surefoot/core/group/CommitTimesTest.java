package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.CommitWorld.Sent;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a commit is due, and what the time between its request and its answer says. */
class CommitTimesTest extends CommitScript {
    private static OffsetCommitResponse said(BrokerError error) {
        return new OffsetCommitResponse(0, Map.of(A0, new Stored(error, error.code())));
    }

    /** How long the next commit backs off, in nanoseconds. */
    private long backOff() {
        return world.deadlineNanos() - world.now;
    }

    @Test
    void theLatencyOfACommitIsReported() {
        async(Map.of(A0, 5L));
        world.pass(SECOND);
        world.pass(3 * SECOND);
        store();

        assertThat(world.events()).contains(new GroupEvent.RequestEnded(GroupEvent.Api.COMMIT, 3 * SECOND));
    }

    @Test
    void aCommitThatFailsAgainBacksOffForLonger() {
        sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(backOff()).isBetween(80 * MILLI, 120 * MILLI);
        world.pass(backOff());
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(backOff()).isBetween(160 * MILLI, 240 * MILLI);
    }

    @Test
    void aBackOffThatHasEndedIsNoDeadlineWhileTheConnectionIsWaitedFor() {
        sync(Map.of(A0, 5L));
        long endNanos = world.now + 60 * SECOND;
        world.turn();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        world.notReady();
        world.pass(backOff());

        assertThat(world.deadlineNanos()).isEqualTo(endNanos);
        world.ready();
        world.turn();
        assertThat(world.wire).hasSize(1);
    }

    @Test
    void whatHasEndedHasNoDeadlineWhileItsTurnToBeToldHasNotCome() {
        sync(Map.of(A0, 5L));
        long endNanos = world.now + 60 * SECOND;
        world.commits.submit(new Commit(
                99, Commit.Kind.ASYNC, world.standing.identity, offsets(Map.of(A0, 6L)), world.now + 10 * SECOND));
        world.turn();
        assertThat(backOff()).isEqualTo(10 * SECOND);
        world.answer(onWire(1), said(BrokerError.COORDINATOR_LOAD_IN_PROGRESS));

        assertThat(world.settled()).as("the first is on the wire").isEmpty();
        assertThat(world.deadlineNanos()).isEqualTo(endNanos);
    }

    @Test
    void whatIsOnTheWireWaitsForItsAnswerThoughALaterCommitHasStoredAllOfIt() {
        long first = sync(Map.of(A0, 5L));
        long later = async(Map.of(A0, 6L));
        world.turn();
        Sent sent = onWire(0);
        world.answer(onWire(1), said(BrokerError.NONE));
        assertThat(world.settled()).isEmpty();

        world.answer(sent, said(BrokerError.COORDINATOR_LOAD_IN_PROGRESS));
        assertThat(world.settledIds()).containsExactly(first, later);
        assertThat(world.outcome(first)).as("nothing of it is left to store").isNull();
    }

    @Test
    void aCommitThatWasAbandonedOnTheWireEndsWithItsAnswerThoughItHasFailedBefore() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        world.pass(SECOND);
        world.commits.abandon(id);
        assertThat(world.settled()).isEmpty();

        store();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void theAnswerToACommitConfirmsTheCoordinatorAndOneOfAnotherBrokerDoesNot() {
        async(Map.of(A0, 5L));
        world.turn();
        store();
        assertThat(world.backOffAfterALoss()).as("the first back-off").isLessThan(130 * MILLI);

        assertThat(world.coordinator.instance()).isNotNull();
        async(Map.of(A0, 6L));
        world.turn();
        answer(BrokerError.NOT_COORDINATOR);
        assertThat(world.backOffAfterALoss()).isGreaterThan(250 * MILLI);
    }
}
