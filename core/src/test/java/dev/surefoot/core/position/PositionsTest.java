package dev.surefoot.core.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.time.Backoff;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PositionsTest {
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final TopicPartition A1 = new TopicPartition("a", 1);
    private static final Uuid ID = new Uuid(1, 1);
    private static final Uuid OTHER_ID = new Uuid(1, 2);
    private static final ResetStrategy EARLIEST = new ResetStrategy.Earliest();

    private final Positions positions = new Positions(new Backoff(100, 1_000, new SplittableRandom(1)));
    private TrackedPartition a0;

    @BeforeEach
    void oneAssignedPartition() {
        positions.assign(Map.of(A0, 1L), EARLIEST);
        a0 = Objects.requireNonNull(positions.get(A0));
    }

    private void fetching(long offset, int offsetEpoch, int leaderEpoch) {
        positions.startFetching(a0, new FetchPosition(offset, offsetEpoch), ID, leaderEpoch);
    }

    private void leaderChanged(Uuid topicId, int leaderEpoch) {
        assertThat(a0.isRecreatedAs(topicId)).as("another topic").isFalse();
        positions.leaderChanged(a0, topicId, leaderEpoch);
    }

    private @Nullable FetchPosition stoppedAt(Uuid topicId) {
        positions.moveToTopic(a0, topicId);
        return a0.stoppedAt();
    }

    @Test
    void aNewPartitionIsLookedUp() {
        assertThat(a0.state()).isEqualTo(new PositionState.Resetting(EARLIEST));
        assertThat(positions.lookupsDue(PositionState.Kind.RESETTING, 0)).containsExactly(a0);
        assertThat(positions.lookupsDue(PositionState.Kind.VALIDATING, 0)).isEmpty();
    }

    @Test
    void aPartitionThatStaysKeepsItsPosition() {
        fetching(5, -1, 3);

        assertThat(positions.assign(Map.of(A0, 1L, A1, 2L), EARLIEST)).isEmpty();

        assertThat(positions.get(A0)).isSameAs(a0);
        assertThat(a0.fetching()).isEqualTo(FetchPosition.at(5));
    }

    @Test
    void aPartitionOfAnotherGenerationStartsAnew() {
        fetching(5, -1, 3);
        long asked = positions.sequence();

        assertThat(positions.assign(Map.of(A0, 7L), EARLIEST)).containsExactly(a0);

        TrackedPartition anew = Objects.requireNonNull(positions.get(A0));
        assertThat(anew.generation()).isEqualTo(7);
        assertThat(anew.fetching()).isNull();
        assertThat(anew.validSince(asked)).isFalse();
    }

    @Test
    void oneQuestionAtATimeIsAskedAboutAPartition() {
        positions.sendLookup(a0, Uuid.ZERO_UUID);

        assertThat(positions.lookupsDue(PositionState.Kind.RESETTING, 0)).isEmpty();
    }

    @Test
    void aSeekMakesWhatIsUnderWayUnusableAndAllowsANewQuestion() {
        positions.sendLookup(a0, Uuid.ZERO_UUID);
        long asked = positions.sequence();

        positions.seek(a0, 2, new ResetStrategy.Latest());

        assertThat(a0.validSince(asked)).isFalse();
        assertThat(a0.lookupOutstanding()).isFalse();
        assertThat(a0.generation()).isEqualTo(2);
        assertThat(positions.lookupsDue(PositionState.Kind.RESETTING, 0)).containsExactly(a0);
    }

    @Test
    void aSeekEndsARest() {
        positions.backOff(a0, 1_000);
        assertThat(positions.lookupsDue(PositionState.Kind.RESETTING, 1_000)).isEmpty();

        positions.seek(a0, 2, FetchPosition.at(9), ID, 3);

        assertThat(a0.retryAtNanos()).isLessThanOrEqualTo(1_000);
        assertThat(positions.nextRetryNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(positions.endBackOffs(1_000_000)).isEmpty();
    }

    @Test
    void restsGrowAndEndOnce() {
        positions.backOff(a0, 0);
        long first = positions.nextRetryNanos();
        assertThat(first).isBetween(80L, 120L);
        assertThat(positions.endBackOffs(first - 1)).isEmpty();
        assertThat(positions.endBackOffs(first)).containsExactly(a0);
        assertThat(positions.endBackOffs(first)).isEmpty();
        positions.backOff(a0, first);
        assertThat(positions.nextRetryNanos() - first).isBetween(160L, 240L);
    }

    @Test
    void aPositionWithAnEpochIsValidatedBeforeItIsFetchedFrom() {
        positions.seek(a0, 2, new FetchPosition(9, 2), ID, 3);

        assertThat(a0.fetching()).isNull();
        assertThat(positions.lookupsDue(PositionState.Kind.VALIDATING, 0)).containsExactly(a0);
    }

    @Test
    void aNewLeaderEpochCallsForValidationOnlyIfThePositionHasAnEpoch() {
        fetching(5, 2, 3);
        leaderChanged(ID, 3);
        assertThat(a0.fetching()).as("the same epoch").isNotNull();

        leaderChanged(ID, 4);
        assertThat(a0.state()).isEqualTo(new PositionState.Validating(new FetchPosition(5, 2)));

        fetching(5, -1, 3);
        leaderChanged(ID, 4);
        assertThat(a0.fetching()).isEqualTo(FetchPosition.at(5));
    }

    @Test
    void aNewLeaderIsAskedToValidateWhatTheOldOneWasAsked() {
        fetching(5, 2, 3);
        positions.leaderChanged(a0, ID, 4);
        positions.sendLookup(a0, Uuid.ZERO_UUID);
        long asked = positions.sequence();

        positions.leaderChanged(a0, ID, 5);

        assertThat(a0.validSince(asked)).isFalse();
        assertThat(positions.lookupsDue(PositionState.Kind.VALIDATING, 0)).containsExactly(a0);
    }

    @Test
    void aPositionMeansNothingInAnotherTopicOfTheSameName() {
        fetching(5, -1, 3);

        assertThat(a0.isRecreatedAs(OTHER_ID)).isTrue();
    }

    @Test
    void anotherTopicOfTheSameNameIsNoticedWithoutAPositionToo() {
        fetching(5, -1, 3);
        positions.reset(a0, EARLIEST);
        assertThat(a0.isRecreatedAs(OTHER_ID)).as("being looked up").isTrue();

        fetching(5, -1, 3);
        positions.halt(a0, new PositionState.Halted(new NoOffsetForPartitionException(A0)));
        assertThat(a0.isRecreatedAs(OTHER_ID)).as("halted").isTrue();
    }

    @Test
    void aPositionIsInTheTopicOfTheNameUnlessTheIdsTellOtherwise() {
        fetching(5, -1, 3);
        assertThat(a0.isInThisTopic(ID)).isTrue();
        assertThat(a0.isInThisTopic(Uuid.ZERO_UUID)).isTrue();
        assertThat(a0.isInThisTopic(OTHER_ID)).isFalse();

        positions.startFetching(a0, FetchPosition.at(6), Uuid.ZERO_UUID, 3);
        assertThat(a0.isInThisTopic(ID)).isTrue();
        assertThat(a0.isInThisTopic(Uuid.ZERO_UUID)).isTrue();

        positions.startFetching(a0, FetchPosition.at(6), ID, 3);
        positions.moveToTopic(a0, OTHER_ID);
        assertThat(a0.isInThisTopic(Uuid.ZERO_UUID)).isFalse();
    }

    @Test
    void whereATopicWasLeftIsRememberedUntilASeek() {
        fetching(5, -1, 3);

        assertThat(stoppedAt(OTHER_ID)).isNull();
        assertThat(stoppedAt(ID)).isEqualTo(new FetchPosition(5, -1));

        positions.seek(a0, 2, EARLIEST);
        assertThat(stoppedAt(OTHER_ID)).isNull();
        assertThat(stoppedAt(ID)).isNull();
    }

    @Test
    void anIdIsNotForgottenWhileMetadataHasNone() {
        fetching(5, -1, 3);

        leaderChanged(Uuid.ZERO_UUID, 4);

        assertThat(a0.isRecreatedAs(OTHER_ID)).isTrue();
    }

    @Test
    void advancingKeepsTheDataBehindItUsable() {
        fetching(5, -1, 3);
        long asked = positions.sequence();

        positions.advance(a0, new FetchPosition(15, 3));

        assertThat(a0.validSince(asked)).isTrue();
        assertThat(a0.fetching()).isEqualTo(new FetchPosition(15, 3));
    }

    @Test
    void aRevokedPartitionIsNeitherAskedAboutNorRests() {
        positions.backOff(a0, 0);

        assertThat(positions.assign(Map.of(), EARLIEST)).containsExactly(a0);

        assertThat(positions.nextRetryNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(positions.lookupsDue(PositionState.Kind.RESETTING, Long.MAX_VALUE))
                .isEmpty();
    }

    // Partitions of a group.

    private void unplaced() {
        positions.assign(Map.of(), EARLIEST);
        positions.assign(Map.of(A0, 3L), AssignmentStart.inGroup());
        a0 = Objects.requireNonNull(positions.get(A0));
    }

    @Test
    void aPartitionOfAGroupAwaitsItsCommittedOffset() {
        unplaced();
        assertThat(a0.state()).isEqualTo(new PositionState.Unplaced());
        assertThat(a0.position()).isNull();
        assertThat(positions.lookupsDue(PositionState.Kind.UNPLACED, 0)).containsExactly(a0);
        assertThat(positions.lookupsDue(PositionState.Kind.RESETTING, 0)).isEmpty();
        assertThat(a0.isHeld(Hold.NOT_TAKEN)).isTrue();

        positions.assign(Map.of(A0, 3L, A1, 4L), AssignmentStart.byCommittedOffset());
        TrackedPartition a1 = Objects.requireNonNull(positions.get(A1));
        assertThat(a1.state()).isEqualTo(new PositionState.Unplaced());
        assertThat(a1.isHeld(Hold.NOT_TAKEN)).isFalse();
        assertThat(positions.get(A0)).isSameAs(a0);
    }

    @Test
    void onlyAnUnplacedPartitionOfTheSameGenerationIsPlaced() {
        unplaced();
        assertThat(positions.place(a0, 2, FetchPosition.at(5), ID, 3)).isFalse();
        assertThat(positions.resetUnplaced(a0, 2, EARLIEST)).isFalse();
        assertThat(a0.state()).isEqualTo(new PositionState.Unplaced());

        assertThat(positions.place(a0, 3, FetchPosition.at(5), ID, 3)).isTrue();
        assertThat(a0.fetching()).isEqualTo(FetchPosition.at(5));
        assertThat(a0.topicId()).isEqualTo(ID);
        assertThat(a0.isHeld(Hold.NOT_TAKEN))
                .as("a place does not end the hold")
                .isTrue();

        assertThat(positions.place(a0, 3, FetchPosition.at(9), ID, 3)).isFalse();
        assertThat(positions.resetUnplaced(a0, 3, EARLIEST)).isFalse();
        assertThat(a0.fetching()).isEqualTo(FetchPosition.at(5));
    }

    @Test
    void aPlacedPositionWithAnEpochIsValidatedFirst() {
        unplaced();
        positions.place(a0, 3, new FetchPosition(5, 2), ID, 3);
        assertThat(a0.state()).isEqualTo(new PositionState.Validating(new FetchPosition(5, 2)));
        assertThat(positions.lookupsDue(PositionState.Kind.VALIDATING, 0)).containsExactly(a0);
    }

    @Test
    void anUnplacedPartitionIsNotResetByWhatBrokersSay() {
        unplaced();
        assertThatThrownBy(() -> positions.reset(a0, EARLIEST)).isInstanceOf(IllegalStateException.class);
        positions.leaderChanged(a0, ID, 4);
        assertThat(a0.state()).isEqualTo(new PositionState.Unplaced());

        assertThat(positions.resetUnplaced(a0, 3, EARLIEST)).isTrue();
        assertThat(a0.state()).isEqualTo(new PositionState.Resetting(EARLIEST));
    }

    @Test
    void aSeekPlacesAnUnplacedPartition() {
        unplaced();
        positions.seek(a0, 4, FetchPosition.at(8), ID, 3);
        assertThat(positions.place(a0, 3, FetchPosition.at(5), ID, 3)).isFalse();
        assertThat(positions.place(a0, 4, FetchPosition.at(5), ID, 3)).isFalse();
        assertThat(a0.fetching()).isEqualTo(FetchPosition.at(8));
        assertThat(a0.isHeld(Hold.NOT_TAKEN)).as("a seek does not end the hold").isTrue();
    }

    @Test
    void aHoldMakesWhatIsUnderWayUnusableAndKeepsThePosition() {
        fetching(5, -1, 3);
        long asked = positions.sequence();
        positions.hold(a0, Hold.REVOKED);

        assertThat(a0.isHeld(Hold.REVOKED)).isTrue();
        assertThat(a0.validSince(asked)).isFalse();
        assertThat(a0.fetching()).isEqualTo(FetchPosition.at(5));

        long again = positions.sequence();
        positions.hold(a0, Hold.REVOKED);
        assertThat(a0.validSince(again)).as("held already").isTrue();
    }

    @Test
    void aHoldOfOnePartitionDoesNotTouchAnother() {
        positions.assign(Map.of(A0, 1L, A1, 2L), EARLIEST);
        TrackedPartition a1 = Objects.requireNonNull(positions.get(A1));
        positions.startFetching(a1, FetchPosition.at(7), ID, 3);
        long asked = positions.sequence();
        positions.hold(a0, Hold.REVOKED);

        assertThat(a1.validSince(asked)).isTrue();
        assertThat(a1.isHeld(Hold.REVOKED)).isFalse();
        assertThat(a1.fetching()).isEqualTo(FetchPosition.at(7));
    }

    @Test
    void oneReasonOfAHoldEndsWithoutTheOther() {
        unplaced();
        positions.hold(a0, Hold.REVOKED);
        positions.endHold(a0, Hold.NOT_TAKEN);
        assertThat(a0.isHeld(Hold.NOT_TAKEN)).isFalse();
        assertThat(a0.isHeld(Hold.REVOKED)).isTrue();
    }

    @Test
    void aHeldPartitionIsLookedUpAllTheSame() {
        positions.sendLookup(a0, Uuid.ZERO_UUID);
        positions.hold(a0, Hold.REVOKED);
        assertThat(positions.lookupsDue(PositionState.Kind.RESETTING, 0)).containsExactly(a0);
    }

    @Test
    void partitionsOfOneRequestBackOffTogether() {
        positions.assign(Map.of(A0, 1L, A1, 2L), EARLIEST);
        TrackedPartition a1 = Objects.requireNonNull(positions.get(A1));
        positions.backOff(a1, 0);
        long alone = a1.retryAtNanos();

        positions.backOff(List.of(a0, a1), 1_000);
        assertThat(a0.retryAtNanos()).isEqualTo(a1.retryAtNanos()).isGreaterThan(1_000 + alone);
        assertThat(positions.endBackOffs(a0.retryAtNanos())).containsExactlyInAnyOrder(a0, a1);
    }
}
