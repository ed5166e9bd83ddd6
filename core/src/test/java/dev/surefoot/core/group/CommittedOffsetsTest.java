package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.CommitWorld.Sent;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Partitions begin where their group has committed; only the coordinator's word that it has not resets one. */
class CommittedOffsetsTest {
    private static final PositionState UNPLACED = new PositionState.Unplaced();
    private static final PositionState RESET = new PositionState.Resetting(new ResetStrategy.Earliest());
    private static final Found NOTHING = new Found(BrokerError.NONE, (short) 0, -1, -1, "");

    private final CommitWorld world = new CommitWorld(GroupSettings.Protocol.CONSUMER);

    @BeforeEach
    void coordinatorIsKnown() {
        world.coordinator.need();
        world.turn();
    }

    private void assign(Map<TopicPartition, Long> generations) {
        world.positions.assign(generations, AssignmentStart.inGroup());
    }

    private PositionState state(TopicPartition partition) {
        return partition(partition).state();
    }

    private TrackedPartition partition(TopicPartition partition) {
        return Objects.requireNonNull(world.positions.get(partition));
    }

    private static Found at(long offset) {
        return new Found(BrokerError.NONE, (short) 0, offset, -1, "");
    }

    private static Found error(BrokerError error) {
        return new Found(error, error.code(), -1, -1, null);
    }

    private OffsetFetchRequest request() {
        assertThat(world.wire).hasSize(1);
        return (OffsetFetchRequest) world.wire.get(0).request();
    }

    private void answer(Map<TopicPartition, Found> found) {
        answer(world.wire.get(0), found);
    }

    private void answer(Sent sent, Map<TopicPartition, Found> found) {
        world.answer(sent, new OffsetFetchResponse(0, BrokerError.NONE, (short) 0, found));
    }

    private void answerGroup(BrokerError error) {
        world.answer(world.wire.get(0), new OffsetFetchResponse(0, error, error.code(), Map.of()));
    }

    private List<KafkaException> raised() {
        return world.positionEffects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery())
                .filter(Delivery.Failure.class::isInstance)
                .map(delivery -> ((Delivery.Failure) delivery).cause())
                .toList();
    }

    // Places.

    @Test
    void partitionsArePlacedByOneRequestUnderTheMembersIdentity() {
        assign(Map.of(A0, 1L, A1, 2L));
        world.turn();

        assertThat(request().partitions()).containsExactlyInAnyOrder(A0, A1);
        assertThat(request().identity()).isEqualTo(world.standing.identity);
        assertThat(request().nodeId()).isEqualTo(7);

        answer(Map.of(A0, at(5), A1, new Found(BrokerError.NONE, (short) 0, 9, 3, "m")));
        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(5)));
        assertThat(state(A1))
                .as("a known epoch is validated first")
                .isEqualTo(new PositionState.Validating(new FetchPosition(9, 3)));
        assertThat(world.positionEffects)
                .contains(
                        new Effect.Deliver(new Delivery.Positioned(A0, 1, FetchPosition.at(5), Uuid.ZERO_UUID)),
                        new Effect.Deliver(new Delivery.Positioned(A1, 2, new FetchPosition(9, 3), Uuid.ZERO_UUID)),
                        new Effect.Reroute(A0),
                        new Effect.Reroute(A1));
        world.turn();
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aClassicMemberIsNotCheckedAndNobodyElseIs() {
        CommitWorld classic = new CommitWorld(GroupSettings.Protocol.CLASSIC);
        classic.positions.assign(Map.of(A0, 1L), AssignmentStart.inGroup());
        classic.turn();
        assertThat(((OffsetFetchRequest) classic.wire.get(0).request()).identity())
                .isEqualTo(MemberIdentity.none("g", null));

        world.standing.member = false;
        world.positions.assign(Map.of(A0, 1L), AssignmentStart.byCommittedOffset());
        world.turn();
        assertThat(request().identity()).isEqualTo(MemberIdentity.none("g", null));
    }

    @Test
    void onlyTheWordThatNothingIsStoredResets() {
        assign(Map.of(A0, 1L));
        world.turn();
        answer(Map.of(A0, NOTHING));
        assertThat(state(A0)).isEqualTo(RESET);
    }

    @Test
    void aSeekPlacesAndTheAnswerComesTooLate() {
        assign(Map.of(A0, 1L));
        world.turn();
        world.positions.seek(partition(A0), 2, FetchPosition.at(77), Uuid.ZERO_UUID, -1);
        answer(Map.of(A0, at(5)));

        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(77)));
        assertThat(world.positionEffects).isEmpty();
        world.turn();
        assertThat(world.wire).isEmpty();
    }

    @Test
    void anAnswerForAnEarlierOwnershipIsNotUsed() {
        assign(Map.of(A0, 1L));
        world.turn();
        Sent first = world.wire.get(0);
        assign(Map.of());
        assign(Map.of(A0, 2L));
        world.turn();
        assertThat(world.wire).as("the new ownership asks for itself").hasSize(2);
        Sent second = world.wire.get(1);

        answer(first, Map.of(A0, at(5)));
        assertThat(state(A0)).isEqualTo(UNPLACED);
        answer(second, Map.of(A0, at(8)));
        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(8)));
    }

    @Test
    void anOldAnswerDoesNotResetEither() {
        assign(Map.of(A0, 1L));
        world.turn();
        assign(Map.of());
        assign(Map.of(A0, 2L));
        answer(Map.of(A0, NOTHING));
        assertThat(state(A0)).isEqualTo(UNPLACED);
    }

    // Errors.

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
    void anUnknownTopicAsksForMetadata() {
        assign(Map.of(A0, 1L));
        world.turn();
        answer(Map.of(A0, error(BrokerError.UNKNOWN_TOPIC_OR_PARTITION)));
        assertThat(world.positionEffects).contains(new Effect.RefreshMetadata());
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"STALE_MEMBER_EPOCH", "UNKNOWN_MEMBER_ID"})
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

    // Questions.

    @Test
    void aQuestionIsAnsweredWithWhatIsStored() {
        world.committed.ask(1, Set.of(A0, A1, B0));
        world.turn();
        assertThat(request().partitions()).containsExactlyInAnyOrder(A0, A1, B0);
        Map<TopicPartition, Found> found = new HashMap<>();
        found.put(A0, new Found(BrokerError.NONE, (short) 0, 5, 2, "mark"));
        found.put(A1, new Found(BrokerError.NONE, (short) 0, 6, -1, null));
        found.put(B0, NOTHING);
        answer(found);

        assertThat(world.told.found.get(1L))
                .isEqualTo(Map.of(A0, new OffsetAndMetadata(5, Optional.of(2), "mark"), A1, new OffsetAndMetadata(6)));
        world.turn();
        assertThat(world.wire).isEmpty();
    }

    @Test
    void everyQuestionIsARequestOfItsOwn() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        answer(Map.of(A0, at(5)));
        world.committed.ask(2, Set.of(A0));
        world.turn();
        answer(Map.of(A0, at(6)));
        assertThat(world.told.found.get(2L)).isEqualTo(Map.of(A0, new OffsetAndMetadata(6)));
    }

    @Test
    void aQuestionAboutNothingNeedsNoRequest() {
        world.committed.ask(1, Set.of());
        assertThat(world.told.found).containsEntry(1L, Map.of());
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {
                "UNSTABLE_OFFSET_COMMIT",
                "UNKNOWN_TOPIC_ID",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "COORDINATOR_LOAD_IN_PROGRESS",
                "COORDINATOR_NOT_AVAILABLE",
                "NOT_COORDINATOR",
                "STALE_MEMBER_EPOCH",
                "UNKNOWN_MEMBER_ID"
            })
    void aQuestionIsRepeatedWhileTheErrorMayPass(BrokerError error) {
        world.committed.ask(1, Set.of(A0, A1));
        world.turn();
        answer(Map.of(A0, error(error), A1, at(3)));
        assertThat(world.told.delayed).containsKey(1L);
        assertThat(world.deadlineNanos()).isBetween(world.now + 80 * MILLI, world.now + 120 * MILLI);
        world.turn();
        assertThat(world.wire).isEmpty();
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        answer(Map.of(A0, at(5), A1, at(4)));
        assertThat(world.told.found.get(1L))
                .as("of one answer")
                .isEqualTo(Map.of(A0, new OffsetAndMetadata(5), A1, new OffsetAndMetadata(4)));
    }

    @Test
    void aLastingErrorEndsAQuestion() {
        world.committed.ask(1, Set.of(A0, A1));
        world.turn();
        answer(Map.of(A0, error(BrokerError.TOPIC_AUTHORIZATION_FAILED), A1, at(4)));
        assertThat(world.told.failed.get(1L)).isInstanceOf(TopicAuthorizationException.class);

        world.committed.ask(2, Set.of(A0));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.UNSUPPORTED_VERSION);
        assertThat(world.told.failed).containsKey(2L);
        assertThat(world.told.found).isEmpty();
    }

    @Test
    void aLostAnswerIsAskedForAgain() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.DISCONNECTED);
        assertThat(world.told.delayed).containsKey(1L);
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        answer(Map.of(A0, at(5)));
        assertThat(world.told.found).containsKey(1L);
    }

    @Test
    void aCancelledQuestionGetsNoAnswer() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        world.committed.cancel(1);
        answer(Map.of(A0, error(BrokerError.COORDINATOR_LOAD_IN_PROGRESS)));
        world.pass(2 * SECOND);
        assertThat(world.wire).isEmpty();
        assertThat(world.told.found).isEmpty();
        assertThat(world.told.failed).isEmpty();
        assertThat(world.told.delayed).isEmpty();

        world.committed.ask(2, Set.of(A0));
        world.turn();
        world.committed.cancel(2);
        answer(Map.of(A0, at(1)));
        assertThat(world.told.found).isEmpty();
    }

    @Test
    void aCoordinatorThatMayNotBeAskedForEndsTheQuestion() {
        CommitWorld fresh = new CommitWorld(GroupSettings.Protocol.CLASSIC);
        fresh.committed.ask(1, Set.of(A0));
        fresh.turnWithoutCoordinator();
        BrokerError error = BrokerError.GROUP_AUTHORIZATION_FAILED;
        fresh.answer(fresh.wire.get(0), new FindCoordinator.FindCoordinatorResponse(0, error, error.code(), null));
        fresh.turnWithoutCoordinator();
        assertThat(fresh.told.failed.get(1L)).isInstanceOf(GroupAuthorizationException.class);
    }

    @Test
    void theReasonOfADelayIsTheLastError() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        answerGroup(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(world.told.delayed.get(1L)).isInstanceOf(CoordinatorLoadInProgressException.class);
    }

    // The only road.

    @Test
    void onlyTheGroupResetsAPartitionWithoutACommittedOffset() {
        Set<String> callers = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.surefoot.core")
                        .stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(CommittedOffsetsTest::resetsOrPlaces)
                        .map(JavaMethodCall::getOriginOwner)
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());
        assertThat(callers)
                .containsExactlyInAnyOrder(PositionRepair.class.getName(), UnplacedPartitions.class.getName());
    }

    private static boolean resetsOrPlaces(JavaMethodCall call) {
        boolean ofPositions = call.getTargetOwner().isEquivalentTo(Positions.class)
                || call.getTargetOwner().isEquivalentTo(PositionRepair.class);
        return ofPositions && Set.of("resetUnplaced", "place", "placed").contains(call.getName());
    }
}
