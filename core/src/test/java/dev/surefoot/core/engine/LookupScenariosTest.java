package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ListOffsetsAnswer.PartitionOffset;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer.EpochEndOffset;
import dev.surefoot.core.position.ResetStrategy;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions about offsets and epochs whose answers come late, come twice, lack something, or do not come. */
class LookupScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);
    private static final TopicPartition B0 = tp("b", 0);
    private static final Predicate<Request<?>> OFFSETS = ListOffsetsRequest.class::isInstance;
    private static final Predicate<Request<?>> EPOCHS = OffsetForLeaderEpochRequest.class::isInstance;

    /** An error code that no version of Kafka has. */
    private static final short UNHEARD_OF = 4_444;

    private final EngineWorld world = new EngineWorld(2);
    private ModelLog log;

    @BeforeEach
    void aLogOfTenBatches() {
        log = world.log(A0, 1, 10);
    }

    private long offsetQuestions() {
        return world.count(ListOffsetsRequest.class);
    }

    private long epochQuestions() {
        return world.count(OffsetForLeaderEpochRequest.class);
    }

    private void seek(long offset, int offsetEpoch) {
        world.engine.seek(A0, world.application.moved(A0, offset), new FetchPosition(offset, offsetEpoch), world.now);
    }

    private void letGo() {
        world.link.letGo(world.now);
        world.run(10 * MILLI);
    }

    @Test
    void partitionsOfOneLeaderAreAskedForTogether() {
        world.log(A1, 1, 2);
        world.log(B0, 2, 3);
        world.assign(A0, A1, B0);

        world.run(20 * MILLI);

        assertThat(offsetQuestions()).as("one for each leader").isEqualTo(2);
        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(world.application.position(A1)).isEqualTo(20);
        assertThat(world.application.position(B0)).isEqualTo(30);
    }

    @Test
    void theAnswerToTheQuestionBeforeASeekIsNotTakenForTheAnswerToTheOneAfterIt() {
        world.link.next(OFFSETS, Fate.HELD);
        world.link.next(OFFSETS, Fate.HELD);
        world.assign(A0);
        world.run(20 * MILLI);
        world.seek(A0, new ResetStrategy.Latest());
        world.run(20 * MILLI);
        assertThat(offsetQuestions()).isEqualTo(2);

        letGo();

        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(world.application.records(A0)).isEmpty();
    }

    @Test
    void theFailureOfTheQuestionBeforeASeekDoesNotHoldUpTheOneAfterIt() {
        world.link.next(OFFSETS, Fate.REQUEST_LOST);
        world.assign(A0);
        while (offsetQuestions() == 0) {
            world.run(ScriptedLink.LATENCY_NANOS / 2);
        }
        world.seek(A0, new ResetStrategy.Latest());
        world.turn();

        world.run(10 * MILLI);

        assertThat(offsetQuestions()).isEqualTo(2);
        assertThat(world.application.position(A0)).isEqualTo(100);
    }

    @Test
    void aQuestionThatWasLostIsAskedAgainAfterARestAndNotAtOnce() {
        world.link.next(OFFSETS, Fate.REQUEST_LOST);
        world.assign(A0);

        world.run(60 * MILLI);
        assertThat(offsetQuestions()).isEqualTo(1);

        world.run(80 * MILLI);
        assertThat(offsetQuestions()).isEqualTo(2);
        assertThat(world.application.position(A0)).isEqualTo(100);
    }

    @Test
    void restsGrowWithEachFailureInARowAndAreShortAgainAfterASuccess() {
        for (int i = 0; i < 5; i++) {
            world.link.next(OFFSETS, Fate.REQUEST_LOST);
        }
        world.assign(A0);
        world.run(2 * SECOND);
        assertThat(offsetQuestions()).as("after 100, 300, 700 and 1500 ms").isBetween(4L, 6L);
        world.run(2 * SECOND);
        assertThat(world.application.position(A0)).isEqualTo(100);

        world.link.next(OFFSETS, Fate.REQUEST_LOST);
        world.seek(A0, new ResetStrategy.Earliest());
        world.run(150 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(world.application.records(A0))
                .filteredOn(r -> r.fetchOffset() == 0)
                .hasSize(2);
    }

    @Test
    void aRevokedPartitionTakesNoAnswer() {
        world.link.next(request -> OFFSETS.test(request) && request.nodeId() == 1, Fate.HELD);
        world.log(B0, 2, 3);
        world.assign(A0, B0);
        world.run(20 * MILLI);
        world.assign(B0);

        letGo();
        world.assign(A0, B0);
        world.run(SECOND);

        assertThat(offsetQuestions()).as("two leaders, and once more").isEqualTo(3);
        assertThat(world.application.position(A0)).isEqualTo(100);
    }

    @Test
    void aRevokedPartitionTakesNoFailureEither() {
        world.log(B0, 2, 3);
        world.link.next(OFFSETS, Fate.REQUEST_LOST);
        world.link.next(OFFSETS, Fate.REQUEST_LOST);
        world.assign(A0, B0);
        while (offsetQuestions() < 2) {
            world.run(ScriptedLink.LATENCY_NANOS / 2);
        }
        world.assign();

        world.run(SECOND);

        assertThat(offsetQuestions()).isEqualTo(2);
    }

    @Test
    void aPartitionThatAnAnswerLeavesOutIsAskedForAgainAfterARest() {
        world.cluster.leftOut.add(A0);
        world.assign(A0);
        world.run(3 * SECOND);
        assertThat(offsetQuestions()).isBetween(3L, 8L);
        assertThat(world.application.failures()).isEmpty();

        world.cluster.leftOut.clear();

        world.runUntilConsumed(A0);
    }

    @Test
    void aPartitionThatAnAnswerAboutEpochsLeavesOutIsAskedForAgainAfterARest() {
        world.assign(A0);
        world.cluster.leftOut.add(A0);
        seek(30, 1);
        world.run(3 * SECOND);
        assertThat(epochQuestions()).isBetween(3L, 8L);
        assertThat(world.application.failures()).isEmpty();

        world.cluster.leftOut.clear();

        world.runUntilConsumed(A0);
        assertThat(world.application.records(A0).get(0).fetchOffset()).isEqualTo(30);
    }

    @Test
    void anErrorInsteadOfAnEpochIsToldWithWhatWasAsked() {
        world.assign(A0);
        world.cluster.epochEnds.put(A0, new EpochEndOffset(BrokerError.INVALID_REQUEST, -1, -1));
        seek(30, 1);
        world.run(20 * MILLI);

        assertThat(world.application.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.cause()).hasMessageContaining("Validating the position of a-0");
            assertThat(failure.lasting()).isFalse();
        });
        world.cluster.epochEnds.clear();
        world.runUntilConsumed(A0);
    }

    private void assertThatWhoeverWaitsIsToldTheCode() {
        assertThat(world.application.events(EngineEvent.QuestionDelayed.class))
                .last()
                .satisfies(delayed -> assertThat(delayed.unanswered())
                        .singleElement()
                        .satisfies(unanswered ->
                                assertThat(unanswered.cause()).hasMessageContaining(Short.toString(UNHEARD_OF))));
    }

    @Test
    void anErrorThatNobodyKnowsIsToldByItsCodeToWhoeverWaitsForAnOffset() {
        world.assign(A0);
        world.engine.ask(new Question.Position(1, A0));
        world.cluster.offsetsFound.put(
                A0, new PartitionOffset(BrokerError.UNKNOWN_SERVER_ERROR, -1, -1, -1, UNHEARD_OF));
        world.run(SECOND);

        assertThatWhoeverWaitsIsToldTheCode();
    }

    @Test
    void anErrorThatNobodyKnowsIsToldByItsCodeToWhoeverWaitsForAnEpoch() {
        world.assign(A0);
        world.engine.ask(new Question.Position(1, A0));
        world.cluster.epochEnds.put(A0, new EpochEndOffset(BrokerError.UNKNOWN_SERVER_ERROR, -1, -1, UNHEARD_OF));
        seek(30, 1);
        world.run(SECOND);

        assertThatWhoeverWaitsIsToldTheCode();
    }

    @Test
    void anErrorInsteadOfAnOffsetIsToldWithWhatWasAsked() {
        world.cluster.fail(A0, BrokerError.INVALID_REQUEST);
        world.assign(A0);
        world.run(20 * MILLI);

        assertThat(world.application.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.cause()).hasMessageContaining("Looking up an offset of a-0"));
    }

    @Test
    void theAnswerAboutAnEpochFromBeforeASeekIsNotUsed() {
        world.assign(A0);
        world.link.next(EPOCHS, Fate.HELD);
        world.link.next(EPOCHS, Fate.HELD);
        world.cluster.epochEnds.put(A0, new EpochEndOffset(BrokerError.NONE, 1, 20));
        seek(30, 1);
        world.run(20 * MILLI);
        world.cluster.epochEnds.clear();
        seek(50, 1);
        world.run(20 * MILLI);
        assertThat(epochQuestions()).isEqualTo(2);

        letGo();

        assertThat(world.application.events(EngineEvent.PositionLost.class)).isEmpty();
        assertThat(world.application.records(A0).get(0).fetchOffset()).isEqualTo(50);
    }

    @Test
    void whileNoLeaderIsKnownNobodyIsAskedAndMetadataIs() {
        world.cluster.leadersInMetadata = false;
        world.assign(A0);
        world.run(3 * SECOND);
        assertThat(offsetQuestions()).isZero();
        assertThat(world.count(MetadataRequest.class)).isBetween(4L, 12L);

        world.cluster.leadersInMetadata = true;

        world.runUntilConsumed(A0);
    }

    @Test
    void whileNoLeaderIsKnownNoPositionIsValidated() {
        world.cluster.leadersInMetadata = false;
        world.assign(A0);
        world.run(20 * MILLI);
        seek(30, 1);
        world.run(3 * SECOND);
        assertThat(epochQuestions()).isZero();

        world.cluster.leadersInMetadata = true;

        world.runUntilConsumed(A0);
        assertThat(epochQuestions()).isEqualTo(1);
    }

    @Test
    void aBrokerTooOldForEpochsIsReadFromWithoutValidation() {
        world.assign(A0);
        world.link.tooOldFor(EPOCHS);
        seek(30, 1);

        world.run(20 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(epochQuestions()).isEqualTo(1);
        assertThat(world.application.failures()).isEmpty();
        assertThat(world.application.events(EngineEvent.Raised.class)).isEmpty();
    }

    @Test
    void aBrokerTooOldForEpochsSaysNothingAboutAPositionThatWasSoughtSince() {
        world.assign(A0);
        world.link.tooOldFor(EPOCHS);
        world.run(20 * MILLI);
        seek(30, 1);
        world.turn();
        world.link.heal(world.now);
        world.cluster.epochEnds.put(A0, new EpochEndOffset(BrokerError.NONE, 1, 20));
        seek(50, 1);
        world.turn();
        assertThat(epochQuestions()).isEqualTo(2);

        world.run(20 * MILLI);

        assertThat(world.application.events(EngineEvent.PositionLost.class)).hasSize(1);
    }

    @Test
    void aBrokerTooOldForEpochsSaysNothingAboutAPartitionThatIsRevoked() {
        world.assign(A0);
        world.link.tooOldFor(EPOCHS);
        world.run(20 * MILLI);
        seek(30, 1);
        world.turn();
        world.assign();
        int before = world.fetches(1).size();

        world.run(2 * SECOND);

        assertThat(epochQuestions()).isEqualTo(1);
        assertThat(world.fetches(1).subList(before, world.fetches(1).size()))
                .allSatisfy(fetch -> assertThat(fetch.plan().partitions()).isEmpty());
    }

    @Test
    void anEmptyLogIsReadFromItsStartAtZero() {
        world.cluster.create(B0, 2);
        world.assign(B0);
        world.run(20 * MILLI);
        assertThat(world.application.position(B0)).isZero();

        world.cluster.log(B0).append(1, 10, 0);

        world.runUntilConsumed(B0);
        assertThat(log.endOffset()).isEqualTo(100);
    }
}
