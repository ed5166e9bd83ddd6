package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent again, and what fails with which exception. */
class CommitFailuresTest extends CommitScript {
    // Retries and their end.

    @Test
    void aSyncCommitIsSentAgainUntilItIsStored() {
        long id = sync(Map.of(A0, 5L, B0, 7L));
        world.turn();
        answer(Map.of(B0, BrokerError.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(world.effects).contains(new GroupEffect.RefreshMetadata());
        world.pass(SECOND);
        assertThat(request(0).offsets()).as("A0 is stored").isEqualTo(offsets(Map.of(B0, 7L)));
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        world.pass(SECOND);
        world.fail(onWire(0), RequestFailure.Kind.TIMED_OUT);
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        store();
        assertThat(world.outcome(id)).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"REQUEST_TIMED_OUT", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"})
    void anotherCoordinatorIsLookedFor(BrokerError error) {
        async(Map.of(A0, 5L));
        async(Map.of(A0, 6L));
        world.turn();
        Coordinator.Instance asked = world.coordinator.instance();
        answer(error);
        assertThat(world.coordinator.instance()).isNotEqualTo(asked);

        world.pass(2 * SECOND);
        sync(Map.of(A0, 7L));
        world.pass(2 * SECOND);
        Coordinator.Instance found = world.coordinator.instance();
        assertThat(found).isNotNull().isNotEqualTo(asked);
        answer(error);
        assertThat(world.coordinator.instance())
                .as("an answer of the old one says nothing of the new one")
                .isEqualTo(found);
    }

    @Test
    void aSyncCommitFailsAtItsDeadlineWithTheLastReason() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        world.pass(60 * SECOND);

        assertThat(world.outcome(id))
                .isInstanceOf(TimeoutException.class)
                .hasCauseInstanceOf(CoordinatorLoadInProgressException.class);
    }

    @Test
    void aDeadlinePassesOnTheWireTooAndTheLateAnswerIsNoSecondOutcome() {
        long id = commit(Commit.Kind.BEFORE_REBALANCE, Map.of(A0, 5L));
        world.turn();
        assertThat(world.deadlineNanos()).isEqualTo(world.now + 60 * SECOND);
        world.pass(60 * SECOND);
        assertThat(world.outcome(id)).isInstanceOf(TimeoutException.class);

        store();
        assertThat(world.settledIds()).containsExactly(id);
        assertThat(world.commits.allSettled()).isTrue();
    }

    @Test
    void anAsyncCommitWithoutACoordinatorFailsAtItsDeadline() {
        world.notReady();
        long id = async(Map.of(A0, 5L));
        world.pass(59 * SECOND);
        assertThat(world.settled()).isEmpty();
        world.pass(SECOND);
        assertThat(world.outcome(id))
                .isInstanceOf(RetriableCommitFailedException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void anAbandonedSyncCommitIsNotSentAgain() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        world.commits.abandon(id);
        assertThat(world.settled()).as("it is on the wire").isEmpty();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(world.outcome(id)).isInstanceOf(RetriableCommitFailedException.class);

        long waiting = sync(Map.of(A0, 6L));
        world.turn();
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        world.commits.abandon(waiting);
        assertThat(world.outcome(waiting)).isInstanceOf(RetriableCommitFailedException.class);
        world.pass(2 * SECOND);
        assertThat(world.wire).isEmpty();
    }

    @Test
    void beforeARebalanceAnUnknownTopicIsLeftOut() {
        long id = commit(Commit.Kind.BEFORE_REBALANCE, Map.of(A0, 5L, B0, 7L));
        world.turn();
        answer(Map.of(B0, BrokerError.UNKNOWN_TOPIC_OR_PARTITION));

        assertThat(world.outcome(id)).isNull();
        assertThat(stored).isEqualTo(Map.of(A0, 5L));
    }

    @Test
    void anUnknownTopicFailsAnAsyncCommitForNow() {
        long id = async(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(world.outcome(id))
                .isInstanceOf(RetriableCommitFailedException.class)
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    // Errors that last.

    @Test
    void whatLastsIsThrownAndNamesThePartition() {
        long id = sync(Map.of(A0, 5L, A1, 6L));
        world.turn();
        answer(Map.of(A1, BrokerError.OFFSET_METADATA_TOO_LARGE));
        assertThat(world.outcome(id)).isInstanceOf(OffsetMetadataTooLarge.class).hasMessageContaining("a-1");

        long unauthorized = sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.GROUP_AUTHORIZATION_FAILED);
        assertThat(world.outcome(unauthorized))
                .isInstanceOfSatisfying(
                        GroupAuthorizationException.class,
                        e -> assertThat(e.groupId()).isEqualTo("g"));
    }

    @Test
    void anUnauthorizedTopicIsNamedAndSoIsWhatWasStored() {
        long id = sync(Map.of(A0, 5L, B0, 6L));
        world.turn();
        answer(Map.of(B0, BrokerError.TOPIC_AUTHORIZATION_FAILED));
        assertThat(world.outcome(id))
                .isInstanceOfSatisfying(
                        TopicAuthorizationException.class,
                        e -> assertThat(e.unauthorizedTopics()).containsExactly("b"))
                .hasMessageContaining("[a-0] were committed");
    }

    @Test
    void anAnswerThatLacksAPartitionFails() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        world.answer(onWire(0), new OffsetCommitResponse(0, Map.of()));
        assertThat(world.outcome(id)).hasMessageContaining("a-0");
    }

    @Test
    void aCoordinatorThatMayNotBeAskedForFailsWhatWaitsForIt() {
        CommitWorld fresh = new CommitWorld(GroupSettings.Protocol.CONSUMER);
        world = fresh;
        long id = sync(Map.of(A0, 5L));
        fresh.turnWithoutCoordinator();
        refuseLookup();
        assertThat(fresh.outcome(id)).isInstanceOf(GroupAuthorizationException.class);

        long again = sync(Map.of(A0, 5L));
        fresh.turnWithoutCoordinator();
        assertThat(fresh.settledIds()).as("a new one is tried anew").containsExactly(id);
        fresh.now += 2 * SECOND;
        fresh.turnWithoutCoordinator();
        refuseLookup();
        assertThat(fresh.settledIds()).containsExactly(id, again);
    }

    private void refuseLookup() {
        BrokerError error = BrokerError.GROUP_AUTHORIZATION_FAILED;
        world.answer(onWire(0), new FindCoordinatorResponse(0, error, error.code(), null));
        world.turnWithoutCoordinator();
    }

    @Test
    void refusedCredentialsAndTooOldBrokersFailTheCommit() {
        for (RequestFailure.Kind kind :
                List.of(RequestFailure.Kind.AUTHENTICATION, RequestFailure.Kind.UNSUPPORTED_VERSION)) {
            long id = sync(Map.of(A0, 5L));
            world.turn();
            world.fail(onWire(0), kind);
            assertThat(world.outcome(id)).hasMessage("scripted " + kind);
        }
    }

    @Test
    void anUnreachableCoordinatorIsForgottenAndLookedForAnew() {
        Coordinator.Instance known = world.coordinator.instance();
        world.unreachable(CommitWorld.failure(RequestFailure.Kind.DISCONNECTED));
        long id = sync(Map.of(A0, 5L));
        world.turn();
        assertThat(world.coordinator.instance()).isNotEqualTo(known);

        world.ready();
        world.pass(2 * SECOND);
        store();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void aLastingErrorOutweighsOneThatPasses() {
        long id = sync(Map.of(A0, 5L, A1, 6L));
        world.turn();
        answer(Map.of(A0, BrokerError.NOT_COORDINATOR, A1, BrokerError.INVALID_COMMIT_OFFSET_SIZE));
        assertThat(world.outcome(id)).hasMessageContaining("a-1");
        assertThat(world.outcome(id)).isNotInstanceOf(NotCoordinatorException.class);
    }

    @Test
    void aCommitAfterALookUpThatFailedIsStoredWhenTheNextOneFinds() {
        world = new CommitWorld(GroupSettings.Protocol.CONSUMER);
        sync(Map.of(A0, 5L));
        world.turnWithoutCoordinator();
        refuseLookup();
        long again = sync(Map.of(A0, 6L));
        world.pass(2 * SECOND);
        assertThat(world.settledIds()).as("it is on the wire").doesNotContain(again);

        store();
        assertThat(world.outcome(again)).isNull();
        assertThat(stored).isEqualTo(Map.of(A0, 6L));
    }

    @Test
    void anAbandonedCommitTakesNoOtherWithIt() {
        long abandoned = sync(Map.of(A0, 5L));
        long other = sync(Map.of(A1, 6L));
        world.turn();
        world.commits.abandon(abandoned);
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        answer(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(world.settledIds()).containsExactly(abandoned);

        world.pass(2 * SECOND);
        store();
        assertThat(world.outcome(other)).isNull();
    }

    @Test
    void anAbandonedCommitThatWasNotSentIsSentOnce() {
        world.notReady();
        long id = sync(Map.of(A0, 5L));
        world.turn();
        world.commits.abandon(id);
        world.turn();
        assertThat(world.settled()).isEmpty();

        world.ready();
        world.turn();
        store();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void whatHasFailedKeepsItsReasonWhenTheConsumerCloses() {
        long first = sync(Map.of(A0, 5L));
        long second = sync(Map.of(A1, 6L));
        world.turn();
        world.answer(
                onWire(1),
                new OffsetCommitResponse(
                        0, Map.of(A1, new Stored(BrokerError.TOPIC_AUTHORIZATION_FAILED, (short) 29))));
        world.commits.endAll();

        assertThat(world.outcome(first)).isInstanceOf(CommitFailedException.class);
        assertThat(world.outcome(second)).isInstanceOf(TopicAuthorizationException.class);
    }
}
