package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer.EpochEndOffset;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.session.FetchTarget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where reading goes on, and what is told of it, when a broker's word ends a position. */
class RepairScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);

    private EngineWorld world = new EngineWorld(2);
    private ModelLog log;

    /** One partition of a hundred records under one leader epoch, assigned and not looked at yet. */
    private void start(ResetStrategy policy, int leaderEpoch) {
        world = new EngineWorld(2, policy, 64 << 20);
        log = world.cluster.create(A0, 1);
        log.epoch = leaderEpoch;
        log.append(10, 10, 0);
        world.assign(A0);
    }

    private void seek(long offset, int offsetEpoch) {
        world.engine.seek(A0, world.application.moved(A0, offset), new FetchPosition(offset, offsetEpoch), world.now);
    }

    private List<EngineEvent.PositionLost> losses() {
        return world.application.events(EngineEvent.PositionLost.class);
    }

    private void leaderSays(int leaderEpoch, long endOffset) {
        world.cluster.epochEnds.put(A0, new EpochEndOffset(BrokerError.NONE, leaderEpoch, endOffset));
    }

    /** What broker 1 was last told of the partition. */
    private FetchTarget lastTarget() {
        FetchTarget last = null;
        for (FetchRequest fetch : world.fetches(1)) {
            last = fetch.plan().partitions().getOrDefault(world.cluster.key(A0), last);
        }
        return last;
    }

    private List<Delivery.Positioned> positionsTold() {
        return world.application.taken.stream()
                .filter(Delivery.Positioned.class::isInstance)
                .map(Delivery.Positioned.class::cast)
                .toList();
    }

    @Test
    void aPositionThatIsFoundIsToldAtOnceEvenIfNothingIsFetched() {
        start(new ResetStrategy.Latest(), 1);
        world.pause(A0);

        world.run(20 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(world.fetches(1)).isEmpty();
    }

    @Test
    void aTruncationIsToldWithThePlaceUpToWhichTheLogAgrees() {
        start(new ResetStrategy.None(), 1);
        leaderSays(1, 80);
        seek(100, 1);

        world.run(20 * MILLI);

        assertThat(world.application.failures()).singleElement().satisfies(failure -> {
            LogTruncationException cause = (LogTruncationException) failure.cause();
            assertThat(cause).hasMessageContaining("a-0").hasMessageContaining("100");
            assertThat(cause.offsetOutOfRangePartitions()).isEqualTo(Map.of(A0, 100L));
            assertThat(cause.divergentOffsets()).isEqualTo(Map.of(A0, new OffsetAndMetadata(80, Optional.of(1), "")));
            assertThat(failure.lasting()).isTrue();
        });
    }

    @Test
    void aTruncationToTheLogsVeryBeginningHasAPlace() {
        start(new ResetStrategy.None(), 0);
        leaderSays(0, 0);
        seek(100, 0);

        world.run(20 * MILLI);

        LogTruncationException cause =
                (LogTruncationException) world.application.failures().get(0).cause();
        assertThat(cause.divergentOffsets()).isEqualTo(Map.of(A0, new OffsetAndMetadata(0, Optional.of(0), "")));
    }

    @ParameterizedTest
    @CsvSource({"-1, -1", "-1, 50", "-1, 300", "1, -1"})
    void aTruncationToAPlaceThatTheLeaderDoesNotKnowIsToldWithoutAPlace(int leaderEpoch, long endOffset) {
        start(new ResetStrategy.None(), 1);
        leaderSays(leaderEpoch, endOffset);
        seek(100, 1);

        world.run(20 * MILLI);

        LogTruncationException cause =
                (LogTruncationException) world.application.failures().get(0).cause();
        assertThat(cause.divergentOffsets()).isEmpty();
        assertThat(cause.offsetOutOfRangePartitions()).isEqualTo(Map.of(A0, 100L));
    }

    @ParameterizedTest
    @CsvSource({"-1, -1", "-1, 50", "-1, 300", "1, -1"})
    void aTruncationToAPlaceThatTheLeaderDoesNotKnowIsResetByThePolicy(int leaderEpoch, long endOffset) {
        start(new ResetStrategy.Earliest(), 1);
        leaderSays(leaderEpoch, endOffset);
        seek(60, 1);

        world.run(20 * MILLI);

        assertThat(losses())
                .singleElement()
                .satisfies(lost -> assertThat(lost.what())
                        .startsWith("the log was truncated below offset 60; goes on at offset 0 instead of 60 by"
                                + " auto.offset.reset=earliest"));
        assertThat(world.application.position(A0)).isEqualTo(100);
    }

    @Test
    void aTruncationGoesOnWhereTheLogAgreesWithTheEpochOfThatPlace() {
        start(new ResetStrategy.Latest(), 0);
        leaderSays(0, 0);
        seek(100, 0);
        world.link.next(FetchRequest.class::isInstance, Fate.HELD);

        world.run(20 * MILLI);

        assertThat(losses())
                .singleElement()
                .satisfies(lost -> assertThat(lost.what())
                        .startsWith("the log was truncated below offset 100; goes on at offset 0 instead of 100, so"));
        assertThat(lastTarget().fetchOffset()).isZero();
        assertThat(lastTarget().lastFetchedEpoch()).isZero();
        assertThat(world.count(ListOffsetsRequest.class)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void aPositionAtTheEndOfItsEpochIsWhereTheLogAgrees(int leaderEpoch) {
        start(new ResetStrategy.None(), leaderEpoch);
        leaderSays(leaderEpoch, 100);
        seek(100, leaderEpoch);

        world.run(20 * MILLI);

        assertThat(world.application.failures()).isEmpty();
        assertThat(lastTarget().fetchOffset()).isEqualTo(100);
        assertThat(lastTarget().lastFetchedEpoch()).isEqualTo(leaderEpoch);
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void aSeekWithAnyKnownEpochIsValidatedBeforeItIsFetchedFrom(int leaderEpoch) {
        start(new ResetStrategy.Earliest(), leaderEpoch);
        world.pause(A0);
        world.run(20 * MILLI);
        world.link.next(OffsetForLeaderEpochRequest.class::isInstance, Fate.HELD);
        seek(30, leaderEpoch);
        world.resume(A0);
        world.run(SECOND);
        assertThat(world.count(OffsetForLeaderEpochRequest.class)).isEqualTo(1);
        assertThat(world.fetches(1)).isEmpty();

        world.link.letGo(world.now);

        world.runUntilConsumed(A0);
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void outOfRangeWithAnEpochIsAskedAgainWithoutIt(int leaderEpoch) {
        start(new ResetStrategy.Earliest(), leaderEpoch);
        world.runUntilConsumed(A0);
        assertThat(lastTarget().lastFetchedEpoch()).isEqualTo(leaderEpoch);
        world.link.editNextFetch(answer -> ModelAnswers.answer(
                answer.sessionId(),
                List.of(ModelAnswers.error(world.cluster.key(A0), BrokerError.OFFSET_OUT_OF_RANGE))));

        world.run(2 * SECOND);

        assertThat(lastTarget().fetchOffset()).isEqualTo(100);
        assertThat(lastTarget().lastFetchedEpoch()).isEqualTo(FetchTarget.NO_EPOCH);
        assertThat(losses()).isEmpty();
    }

    @Test
    void anOffsetOutOfRangeIsToldWithThePartitionAndTheOffset() {
        start(new ResetStrategy.None(), 1);
        seek(5_000, -1);
        world.run(20 * MILLI);
        assertThat(world.application.failures()).singleElement().satisfies(failure -> {
            OffsetOutOfRangeException cause = (OffsetOutOfRangeException) failure.cause();
            assertThat(cause.offsetOutOfRangePartitions()).isEqualTo(Map.of(A0, 5_000L));
            assertThat(cause).hasMessageContaining("Offset 5000 of a-0");
            assertThat(failure.lasting()).isTrue();
        });
        int sent = world.link.sent.size();

        world.run(5 * SECOND);

        assertThat(world.link.sent.size() - sent)
                .as("requests for a partition that stands still")
                .isLessThanOrEqualTo(1);
        assertThat(world.application.failures()).hasSize(1);
    }

    @Test
    void aPositionThatIsLostForTheFirstTimeIsLookedUpWithoutARest() {
        start(new ResetStrategy.Earliest(), 1);
        seek(5_000, -1);

        world.run(20 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(100);
    }

    @Test
    void lossesWithReadingInBetweenAreNotLossesInARow() {
        start(new ResetStrategy.Earliest(), 1);
        for (int i = 0; i < 3; i++) {
            seek(5_000 + i, -1);
            // The fetch before it may wait for half a second; a rest would take 80 ms at least.
            world.run(520 * MILLI);
            assertThat(world.application.position(A0)).isEqualTo(100);
        }
        assertThat(losses()).hasSize(3);
    }

    @Test
    void aPartitionIsNotFetchedWhileItsPositionIsLookedUp() {
        start(new ResetStrategy.Earliest(), 1);
        world.link.next(ListOffsetsRequest.class::isInstance, Fate.HELD);
        seek(5_000, -1);
        world.run(20 * MILLI);
        int sent = world.link.sent.size();

        world.run(5 * SECOND);

        assertThat(world.link.sent.size() - sent).as("requests meanwhile").isLessThanOrEqualTo(1);
        world.link.letGo(world.now);
        world.runUntilConsumed(A0);
    }

    @Test
    void aPositionThatTheApplicationMovesIsNotLost() {
        start(new ResetStrategy.Earliest(), 1);
        world.link.next(ListOffsetsRequest.class::isInstance, Fate.HELD);
        seek(5_000, -1);
        world.run(20 * MILLI);

        world.seek(A0, new ResetStrategy.Latest());
        world.run(20 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(losses()).isEmpty();
    }

    @Test
    void aPositionIsToldOnceForEachTimeItIsFound() {
        start(new ResetStrategy.Earliest(), 1);
        world.runUntilConsumed(A0);
        world.run(2 * SECOND);

        assertThat(positionsTold()).singleElement().satisfies(told -> {
            assertThat(told.position().offset()).isZero();
            assertThat(told.topicId()).isEqualTo(world.cluster.key(A0).topicId());
        });
    }

    @Test
    void whyAPartitionMayNotBeReadIsToldWithItsTopicAndItsOffset() {
        start(new ResetStrategy.Earliest(), 1);
        seek(30, -1);
        world.cluster.fail(A0, BrokerError.TOPIC_AUTHORIZATION_FAILED);
        world.run(20 * MILLI);

        assertThat(world.application.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.cause())
                    .isInstanceOf(TopicAuthorizationException.class)
                    .hasMessageContaining("Fetching a-0 from offset 30");
            assertThat(((TopicAuthorizationException) failure.cause()).unauthorizedTopics())
                    .containsExactly("a");
        });
    }
}
