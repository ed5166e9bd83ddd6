package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.time.Deadline;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Bounds of what a coordinator says of committed offsets, and who hears of it. */
class CommittedAnswersTest extends OffsetFetchScript {
    private static final BrokerError NO_RIGHTS = BrokerError.GROUP_AUTHORIZATION_FAILED;

    /** A look-up of the coordinator, which is refused. */
    private static void refuseLookup(CommitWorld world) {
        world.turnWithoutCoordinator();
        assertThat(world.wire).hasSize(1);
        assertThat(world.wire.get(0).request()).isInstanceOf(FindCoordinatorRequest.class);
        world.answer(world.wire.get(0), new FindCoordinatorResponse(0, NO_RIGHTS, NO_RIGHTS.code(), null));
    }

    private static long raises(CommitWorld world) {
        return world.effects.stream()
                .filter(GroupEffect.Raise.class::isInstance)
                .count();
    }

    @Test
    void anOffsetOf0IsOne() {
        assign(Map.of(A0, 1L));
        world.turn();
        answer(Map.of(A0, at(0)));
        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(0)));

        world.committed.ask(1, Set.of(A0));
        world.turn();
        answer(Map.of(A0, new Found(BrokerError.NONE, (short) 0, 0, 0, null)));
        assertThat(world.told.found.get(1L)).isEqualTo(Map.of(A0, new OffsetAndMetadata(0, Optional.of(0), "")));
    }

    @Test
    void aQuestionIsAskedOnceWhileItsAnswerIsAwaited() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        world.pass(SECOND);
        assertThat(world.wire).as("one request, and none without partitions").hasSize(1);
        assertThat(world.deadlineNanos()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void aQuestionIsAskedAgainWhenItsBackOffEndsAndNotBefore() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        answerGroup(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        long due = world.deadlineNanos();
        world.pass(due - world.now - 1);
        assertThat(world.wire).isEmpty();
        world.notReady();
        world.pass(1);
        assertThat(world.deadlineNanos()).as("waits for the connection").isEqualTo(Deadline.NEVER);
        world.ready();
        world.turn();
        assertThat(world.wire).hasSize(1);
    }

    @Test
    void aQuestionIsToldOfAFailedSearchForTheCoordinatorAndPollIsNot() {
        CommitWorld fresh = new CommitWorld(GroupSettings.Protocol.CONSUMER);
        fresh.committed.ask(1, Set.of(A0));
        refuseLookup(fresh);
        fresh.turnWithoutCoordinator();
        assertThat(fresh.told.failed).containsOnlyKeys(1L);
        assertThat(raises(fresh)).isZero();

        fresh.committed.ask(2, Set.of(A0));
        fresh.now += SECOND;
        fresh.turnWithoutCoordinator();
        assertThat(fresh.told.failed).as("of its own search only").containsOnlyKeys(1L);
        refuseLookup(fresh);
        fresh.turnWithoutCoordinator();
        assertThat(fresh.told.failed).containsOnlyKeys(1L, 2L);
    }

    @Test
    void pollThrowsIfNoCoordinatorIsFoundToPlaceAPartition() {
        CommitWorld fresh = new CommitWorld(GroupSettings.Protocol.CONSUMER);
        fresh.positions.assign(Map.of(A0, 1L), AssignmentStart.inGroup());
        refuseLookup(fresh);
        fresh.turnWithoutCoordinator();
        assertThat(raises(fresh)).isPositive();
    }

    @Test
    void aQuestionAtTheWrongBrokerHasTheCoordinatorLookedForAnew() {
        Coordinator.Instance asked = world.coordinator.instance();
        world.committed.ask(1, Set.of(A0));
        world.turn();
        answerGroup(BrokerError.NOT_COORDINATOR);
        assertThat(world.coordinator.instance()).isNull();
        world.pass(2 * SECOND);
        assertThat(world.coordinator.instance()).isNotNull().isNotEqualTo(asked);
    }

    @Test
    void aLookUpWithoutAnAnswerHasTheCoordinatorLookedForAnew() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.DISCONNECTED);
        assertThat(world.coordinator.instance()).isNull();
    }

    @Test
    void aCancelledQuestionHearsOfNoLastingErrorEither() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        world.committed.cancel(1);
        answer(Map.of(A0, error(BrokerError.TOPIC_AUTHORIZATION_FAILED)));
        assertThat(world.told.failed).isEmpty();
    }

    @Test
    void aPartitionWhoseLookUpGotLostIsToldOfAndLookedUpAfterABackOff() {
        assign(Map.of(A0, 1L));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.DISCONNECTED);
        assertThat(world.positionEffects)
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.LookupFailed.class,
                        lost -> assertThat(lost.partition()).isEqualTo(A0));
        assertThat(partition(A0).lookupOutstanding()).isFalse();
        assertThat(state(A0)).isEqualTo(UNPLACED);
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        assertThat(request().partitions()).containsExactly(A0);
    }

    @Test
    void aPartitionWhoseLookUpIsRefusedForGoodIsLookedUpAgainAfterABackOff() {
        assign(Map.of(A0, 1L));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.AUTHENTICATION);
        assertThat(raised()).hasSize(1);
        world.turn();
        assertThat(world.wire).as("backs off").isEmpty();
        world.pass(2 * SECOND);
        assertThat(request().partitions()).containsExactly(A0);
    }

    @Test
    void aLostLookUpOfAnEarlierOwnershipSaysNothingOfThePresentOne() {
        assign(Map.of(A0, 1L, A1, 1L));
        world.turn();
        assign(Map.of());
        assign(Map.of(A0, 2L));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.AUTHENTICATION);
        assertThat(world.positionEffects).isEmpty();
        assertThat(partition(A0).lookupOutstanding()).as("its own is awaited").isTrue();
    }

    @Test
    void aSoughtPartitionHearsNothingOfALostLookUp() {
        assign(Map.of(A0, 1L));
        world.turn();
        world.positions.seek(partition(A0), 2, FetchPosition.at(77), Uuid.ZERO_UUID, -1);
        world.fail(world.wire.get(0), RequestFailure.Kind.AUTHENTICATION);
        assertThat(world.positionEffects).isEmpty();
        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(77)));
    }

    @Test
    void anUnstableOffsetOfALaterOwnershipIsCountedAnew() {
        assign(Map.of(A0, 1L));
        for (int at = 0; at < 4; at++) {
            world.pass(2 * SECOND);
            answer(Map.of(A0, error(BrokerError.UNSTABLE_OFFSET_COMMIT)));
        }
        assign(Map.of());
        assign(Map.of(A0, 2L));
        for (int at = 0; at < 4; at++) {
            world.pass(2 * SECOND);
            answer(Map.of(A0, error(BrokerError.UNSTABLE_OFFSET_COMMIT)));
        }
        assertThat(world.events()).noneMatch(GroupEvent.OffsetUnstable.class::isInstance);
    }

    @Test
    void anOffsetThatWasStableMeanwhileIsCountedAnew() {
        assign(Map.of(A0, 1L, A1, 1L));
        for (int at = 0; at < 12; at++) {
            world.pass(SECOND + 100 * MILLI);
            boolean passing = at == 6;
            if (!world.wire.isEmpty()) {
                answer(Map.of(
                        A0,
                        error(passing ? BrokerError.COORDINATOR_LOAD_IN_PROGRESS : BrokerError.UNSTABLE_OFFSET_COMMIT),
                        A1,
                        at(1)));
            }
        }
        assertThat(world.events().stream().filter(GroupEvent.OffsetUnstable.class::isInstance))
                .as("once, though another error came between")
                .hasSize(1);
    }

    @Test
    void anAnswerConfirmsTheCoordinatorAndAnErrorOfItDoesNot() {
        assign(Map.of(A0, 1L));
        world.turn();
        answer(Map.of(A0, at(5)));
        assertThat(world.backOffAfterALoss()).as("the first back-off").isLessThan(130 * MILLI);

        world.committed.ask(1, Set.of(A0));
        world.turn();
        answer(Map.of(A0, at(5)));
        assertThat(world.backOffAfterALoss()).isLessThan(130 * MILLI);

        assertThat(world.backOffAfterALoss()).as("without an answer between").isGreaterThan(150 * MILLI);
    }
}
