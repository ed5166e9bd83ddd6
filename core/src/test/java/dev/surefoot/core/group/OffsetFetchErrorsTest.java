package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.TrackedPartition;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No error of a look-up of committed offsets resets a partition, and each is asked about again or told. */
class OffsetFetchErrorsTest extends OffsetFetchScript {
    @ParameterizedTest
    @EnumSource(BrokerError.class)
    void noErrorOfAPartitionEverResetsIt(BrokerError error) {
        if (error == BrokerError.NONE) {
            return;
        }
        assign(Map.of(A0, 1L, A1, 1L));
        world.turn();
        answer(Map.of(A0, error(error), A1, at(3)));

        assertThat(state(A0)).isEqualTo(UNPLACED);
        assertThat(state(A1)).as("others are not delayed").isEqualTo(new PositionState.Fetching(FetchPosition.at(3)));
        assertThat(world.positionEffects)
                .filteredOn(Effect.LookupFailed.class::isInstance)
                .hasSize(1);

        world.turn();
        assertThat(world.wire).as("backs off").isEmpty();
        world.standing.raiseEpoch();
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        answer(Map.of(A0, at(5)));
        assertThat(state(A0)).as("placed after the fault").isEqualTo(new PositionState.Fetching(FetchPosition.at(5)));
    }

    @ParameterizedTest
    @EnumSource(BrokerError.class)
    void noErrorOfTheGroupEverResets(BrokerError error) {
        if (error == BrokerError.NONE) {
            return;
        }
        assign(Map.of(A0, 1L, A1, 1L));
        world.turn();
        answerGroup(error);
        assertThat(state(A0)).isEqualTo(UNPLACED);
        assertThat(state(A1)).isEqualTo(UNPLACED);

        world.standing.raiseEpoch();
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        assertThat(request().partitions()).as("one request for both").containsExactlyInAnyOrder(A0, A1);
    }

    @Test
    void faultsThatLastForAMinuteOnlyDelay() {
        assign(Map.of(A0, 1L));
        for (BrokerError error : List.of(
                BrokerError.UNSTABLE_OFFSET_COMMIT,
                BrokerError.UNKNOWN_TOPIC_ID,
                BrokerError.COORDINATOR_LOAD_IN_PROGRESS,
                BrokerError.NOT_COORDINATOR)) {
            long end = world.now + 60 * SECOND;
            while (world.now < end) {
                world.pass(2 * SECOND);
                if (!world.wire.isEmpty()) {
                    answer(Map.of(A0, error(error)));
                }
                assertThat(state(A0)).isEqualTo(UNPLACED);
            }
        }
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        world.fail(world.wire.get(0), RequestFailure.Kind.TIMED_OUT);
        assertThat(state(A0)).isEqualTo(UNPLACED);
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        answer(Map.of(A0, at(5)));
        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(5)));
        assertThat(raised()).isEmpty();
    }

    @Test
    void aPartitionThatTheAnswerLacksWaits() {
        assign(Map.of(A0, 1L));
        world.turn();
        answer(Map.of());
        assertThat(state(A0)).isEqualTo(UNPLACED);
    }

    @Test
    void anUnstableOffsetIsReportedOnceAfterTenSeconds() {
        assign(Map.of(A0, 1L));
        for (int at = 0; at < 20; at++) {
            world.pass(2 * SECOND);
            answer(Map.of(A0, error(BrokerError.UNSTABLE_OFFSET_COMMIT)));
        }
        assertThat(world.events().stream().filter(GroupEvent.OffsetUnstable.class::isInstance))
                .containsExactly(new GroupEvent.OffsetUnstable(A0, 10 * SECOND));
    }

    @Test
    void aPartitionIsUnstableUntilItsOffsetIsFound() {
        assign(Map.of(A0, 1L, A1, 1L));
        world.turn();
        assertThat(world.committed.isUnstable(partition(A0))).isFalse();
        answer(Map.of(A0, error(BrokerError.UNSTABLE_OFFSET_COMMIT), A1, at(3)));
        assertThat(world.committed.isUnstable(partition(A0))).isTrue();
        assertThat(world.committed.isUnstable(partition(A1))).isFalse();

        world.pass(2 * SECOND);
        answer(Map.of(A0, at(5)));
        assertThat(world.committed.isUnstable(partition(A0))).isFalse();
    }

    @Test
    void whatWasUnstableInAnEarlierAssignmentIsForgotten() {
        assign(Map.of(A0, 1L));
        world.turn();
        TrackedPartition earlier = partition(A0);
        answer(Map.of(A0, error(BrokerError.UNSTABLE_OFFSET_COMMIT)));
        assign(Map.of(A0, 2L));
        world.pass(2 * SECOND);
        answer(Map.of(A0, error(BrokerError.UNSTABLE_OFFSET_COMMIT)));

        assertThat(world.committed.isUnstable(partition(A0))).isTrue();
        assertThat(world.committed.isUnstable(earlier)).isFalse();
    }

    @Test
    void anUnknownTopicAsksForMetadata() {
        assign(Map.of(A0, 1L));
        world.turn();
        answer(Map.of(A0, error(BrokerError.UNKNOWN_TOPIC_OR_PARTITION)));
        assertThat(world.positionEffects).contains(new Effect.RefreshMetadata());
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"STALE_MEMBER_EPOCH", "UNKNOWN_MEMBER_ID", "GROUP_ID_NOT_FOUND"})
    void aRefusedIdentityIsNotAskedWithAgain(BrokerError error) {
        assign(Map.of(A0, 1L));
        world.turn();
        answerGroup(error);
        for (int at = 0; at < 10; at++) {
            world.pass(2 * SECOND);
            assertThat(world.wire).isEmpty();
        }
        world.standing.raiseEpoch();
        world.turn();
        assertThat(request().identity()).isEqualTo(world.standing.identity);
        assertThat(raised()).isEmpty();
    }

    @Test
    void aRefusedIdentityIsAskedWithAtAnotherCoordinator() {
        assign(Map.of(A0, 1L));
        world.turn();
        answerGroup(BrokerError.UNKNOWN_MEMBER_ID);
        world.coordinator.forget(world.coordinator.instance(), "moved");
        world.coordinator.need();
        world.pass(2 * SECOND);
        world.turn();

        assertThat(request().identity()).isEqualTo(world.standing.identity);
    }

    @Test
    void theApplicationLearnsWhatItMayNotRead() {
        assign(Map.of(A0, 1L, A1, 2L));
        world.turn();
        answer(Map.of(A0, error(BrokerError.TOPIC_AUTHORIZATION_FAILED), A1, at(4)));
        assertThat(raised()).singleElement().isInstanceOf(TopicAuthorizationException.class);

        world.positionEffects.clear();
        world.pass(2 * SECOND);
        answerGroup(BrokerError.GROUP_AUTHORIZATION_FAILED);
        assertThat(raised()).singleElement().isInstanceOf(GroupAuthorizationException.class);
    }

    @Test
    void aTooOldBrokerIsToldToTheApplication() {
        assign(Map.of(A0, 1L));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.UNSUPPORTED_VERSION);
        assertThat(raised()).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("UNSUPPORTED_VERSION"));
        assertThat(state(A0)).isEqualTo(UNPLACED);
    }

    @Test
    void anotherCoordinatorIsLookedFor() {
        assign(Map.of(A0, 1L));
        world.turn();
        Coordinator.Instance asked = world.coordinator.instance();
        answerGroup(BrokerError.NOT_COORDINATOR);
        assertThat(world.coordinator.instance()).isNotEqualTo(asked);
    }
}
