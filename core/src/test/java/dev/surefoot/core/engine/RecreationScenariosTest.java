package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static dev.surefoot.core.engine.TopicWorld.A0;
import static dev.surefoot.core.engine.TopicWorld.RUMOURED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelBatches;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ResetStrategy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A name that comes to stand for another topic, or seems to, while the partition is in each of its states. */
class RecreationScenariosTest {
    private static final Predicate<Request<?>> OFFSETS = ListOffsetsRequest.class::isInstance;

    private TopicWorld topic;
    private EngineWorld world;
    private ModelLog log;

    @BeforeEach
    void onePartitionReadToItsEnd() {
        start(new ResetStrategy.Earliest());
        world.runUntilConsumed(A0);
    }

    private void start(ResetStrategy policy) {
        topic = new TopicWorld(policy);
        world = topic.world;
        log = topic.log;
    }

    @Test
    void anotherTopicIsReadFromItsStartWhateverThePolicySays() {
        start(new ResetStrategy.Latest());
        world.run(20 * MILLI);
        assertThat(world.application.position(A0)).isEqualTo(100);

        topic.recreate();
        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(0).fetchOffset()).isZero();
        assertThat(topic.losses())
                .singleElement()
                .satisfies(lost -> assertThat(lost.what())
                        .startsWith("the topic was deleted and created again, and the new one is read from its start;"
                                + " goes on at offset 0 instead of 100."));
    }

    @Test
    void anOffsetThatWasFoundInTheDeletedTopicIsNotUsedInTheNewOne() {
        topic = new TopicWorld(new ResetStrategy.Latest());
        world = topic.world;
        log = topic.log;
        world.link.next(OFFSETS, Fate.HELD);
        world.run(20 * MILLI);
        topic.recreate();
        world.refreshMetadata();
        world.run(20 * MILLI);

        world.link.letGo(world.now);
        world.run(20 * MILLI);

        assertThat(topic.positionsTold()).containsExactly(30L);
    }

    @Test
    void withoutAPolicyTheApplicationIsToldAndDecides() {
        start(new ResetStrategy.None());
        world.seek(A0, 0);
        world.runUntilConsumed(A0);
        topic.recreate();
        world.refreshMetadata();
        assertThat(world.application.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.cause())
                    .isInstanceOf(UnknownTopicIdException.class)
                    .hasMessageContaining("Topic a was deleted and created again")
                    .hasMessageContaining("a-0");
            assertThat(failure.lasting()).isTrue();
        });
        assertThat(world.application.position(A0)).isEqualTo(100);

        world.seek(A0, 10);
        world.runUntilConsumed(A0);

        assertThat(world.application.failures()).hasSize(1);
        assertThat(topic.losses()).isEmpty();
    }

    @Test
    void aPartitionThatStandsStillGoesOnStandingStillAndIsToldNothingMore() {
        start(new ResetStrategy.None());
        world.seek(A0, 5_000);
        world.run(20 * MILLI);
        assertThat(world.application.failures()).hasSize(1);
        topic.recreate();

        world.refreshMetadata();
        world.run(SECOND);

        assertThat(world.application.failures()).hasSize(1);
        assertThat(world.application.records(A0)).isEmpty();
    }

    @Test
    void aPartitionThatStandsStillGoesOnStandingStillWhenItsTopicWasARumourMoreThanOnce() {
        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        topic.metadataSaysTheTruth();
        log.append(2, 10, 0);
        ByteBuffer unreadable = ModelBatches.batch(110, 10, 1);
        unreadable.put(16, (byte) 9);
        world.link.editNextFetch(answer -> ModelAnswers.answer(
                answer.sessionId(),
                List.of(ModelAnswers.records(
                        world.cluster.key(A0),
                        log.endOffset(),
                        ModelBatches.join(List.of(ModelBatches.batch(100, 10, 1), unreadable))))));
        world.run(SECOND);
        assertThat(world.application.failures()).hasSize(1);
        assertThat(world.application.position(A0)).isEqualTo(110);
        int read = world.application.records(A0).size();

        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        topic.metadataSaysTheTruth();
        world.run(SECOND);

        assertThat(world.application.failures()).hasSize(1);
        assertThat(world.application.records(A0)).hasSize(read);
    }

    @Test
    void aPositionThatIsBeingLookedUpIsLookedUpInTheNewTopic() {
        world.link.next(OFFSETS, Fate.HELD);
        world.seek(A0, new ResetStrategy.Latest());
        world.run(20 * MILLI);
        topic.recreate();
        world.refreshMetadata();
        world.link.letGo(world.now);
        world.run(SECOND);

        assertThat(world.application.position(A0)).isEqualTo(30);
        assertThat(world.application.records(A0)).hasSize(1);
        assertThat(topic.losses()).isEmpty();
    }

    @Test
    void whileANewTopicIsLookedUpNothingIsFetchedOfTheOldOne() {
        TopicPartition b0 = tp("b", 0);
        world.log(b0, 1, 1);
        world.assign(A0, b0);
        world.runUntilConsumed(b0);
        world.link.next(OFFSETS, Fate.HELD);

        topic.metadataSays(RUMOURED);
        world.run(SECOND);

        assertThat(world.cluster.broker(1).held(world.lastPlan(1).sessionId())).containsOnlyKeys(world.cluster.key(b0));
    }

    @Test
    void aTopicCreatedAgainUnderASoughtPositionIsNoticed() {
        start(new ResetStrategy.Earliest());
        world.link.next(OFFSETS, Fate.HELD);
        world.run(20 * MILLI);
        world.pause(A0);
        world.seek(A0, 20);
        topic.recreate();

        world.refreshMetadata();
        world.resume(A0);
        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(0).fetchOffset()).isZero();
        assertThat(topic.losses()).hasSize(1);
    }

    @Test
    void nothingIsToldOfATopicThatIsARumour() {
        start(new ResetStrategy.Earliest());
        world.run(20 * MILLI);
        world.pause(A0);
        world.seek(A0, 50);

        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        assertThat(world.application.position(A0)).isEqualTo(50);

        topic.metadataSaysTheTruth();
        world.resume(A0);
        world.runUntilConsumed(A0);
        assertThat(world.application.records(A0))
                .last()
                .satisfies(records -> assertThat(records.fetchOffset()).isEqualTo(50));
    }

    @Test
    void nothingIsToldOfARumourAboutATopicThatWasNeverServed() {
        start(new ResetStrategy.Latest());
        world.pause(A0);
        world.run(20 * MILLI);
        assertThat(world.application.position(A0)).isEqualTo(100);

        topic.metadataSays(RUMOURED);
        world.run(SECOND);

        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(topic.positionsTold()).containsExactly(100L);
    }

    @Test
    void whereATopicBeginsIsToldOnceHoweverOftenItIsServed() {
        topic.recreate();
        world.runUntilConsumed(A0);
        log.append(1, 10, 0);
        world.runUntilConsumed(A0);

        assertThat(topic.positionsTold()).filteredOn(offset -> offset == 0).hasSize(2);
        assertThat(world.application.position(A0)).isEqualTo(40);
    }

    @Test
    void whatWasLeftForARumourIsGoneOnWithInSilence() {
        int told = topic.positionsTold().size();
        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        topic.metadataSaysTheTruth();
        log.append(1, 10, 0);

        world.runUntilConsumed(A0);

        assertThat(topic.positionsTold()).hasSize(told);
        assertThat(world.application.position(A0)).isEqualTo(110);
    }

    @Test
    void aPositionThatIsGoneOnWithIsValidatedIfItsEpochIsKnown() {
        long asked = topic.epochQuestions();
        topic.metadataSays(RUMOURED);
        world.run(SECOND);

        topic.metadataSaysTheTruth();
        world.run(SECOND);

        assertThat(topic.epochQuestions() - asked).isEqualTo(1);
    }

    @Test
    void aPositionThatIsGoneOnWithIsValidatedUnderTheEarliestEpochToo() {
        world.cluster.create(tp("b", 0), 1).epoch = 0;
        world.cluster.log(tp("b", 0)).append(1, 10, 0);
        world.assign(tp("b", 0));
        world.runUntilConsumed(tp("b", 0));
        world.cluster.staleIds.put("b", RUMOURED);
        world.refreshMetadata();
        world.run(SECOND);
        assertThat(topic.epochQuestions()).isZero();

        world.cluster.staleIds.clear();
        world.refreshMetadata();
        world.run(SECOND);

        assertThat(topic.epochQuestions()).isEqualTo(1);
    }

    @Test
    void aPositionThatIsGoneOnWithIsNotValidatedWithoutAnEpoch() {
        world.pause(A0);
        world.seek(A0, 50);
        topic.metadataSays(RUMOURED);
        world.resume(A0);
        world.run(SECOND);

        topic.metadataSaysTheTruth();
        world.runUntilConsumed(A0);

        assertThat(topic.epochQuestions()).isZero();
        assertThat(world.application.records(A0))
                .last()
                .satisfies(records -> assertThat(records.fetchOffset()).isEqualTo(50));
    }

    @Test
    void aPositionThatIsGoneOnWithIsGoodForTheLeaderEpochOfThatTime() {
        world.pause(A0);
        world.seek(A0, 50);
        topic.metadataSays(RUMOURED);
        world.resume(A0);
        world.run(SECOND);
        topic.metadataSaysTheTruth();
        world.runUntilConsumed(A0);
        log.leader = 2;

        world.refreshMetadata();
        world.run(SECOND);

        assertThat(topic.epochQuestions()).isZero();
        assertThat(world.fetches(2)).isNotEmpty();
    }

    @Test
    void aTopicThatWasARumourTwiceAndThenIsServedIsReadFromWhereItWasFound() {
        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        topic.metadataSaysTheTruth();
        world.run(SECOND);
        world.cluster.recreate("a");
        log.topicId = RUMOURED;
        log.append(3, 10, 0);
        world.refreshMetadata();

        world.runUntilConsumed(A0);

        assertThat(world.application.position(A0)).isEqualTo(30);
        assertThat(topic.positionsTold()).endsWith(0L);
    }

    @Test
    void aPositionThatWasPassedIsNotGoneOnWithWhenTheOneAfterItWasLost() {
        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        topic.metadataSaysTheTruth();
        log.append(3, 10, 0);
        world.runUntilConsumed(A0);
        world.link.next(OFFSETS, Fate.HELD);
        world.link.outOfRangeAt(1);
        log.append(1, 10, 0);
        long asked = topic.offsetQuestions();
        world.run(SECOND);
        world.link.outOfRangeAt(-1);
        assertThat(topic.offsetQuestions()).as("position 130 is out of range").isEqualTo(asked + 1);

        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        topic.metadataSaysTheTruth();
        world.run(SECOND);

        assertThat(topic.positionsTold()).endsWith(0L);
        assertThat(world.application.position(A0)).isEqualTo(140);
    }

    @Test
    void aPositionIsToldAtOnceWhileMetadataHasNoIds() {
        world.cluster.idsInMetadata = false;
        world.refreshMetadata();
        world.pause(A0);
        world.seek(A0, new ResetStrategy.Latest());

        world.run(20 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(100);
    }

    @Test
    void anIdThatMetadataBroughtLaterIsTheTopicsFromThenOn() {
        start(new ResetStrategy.Earliest());
        world.cluster.idsInMetadata = false;
        world.pause(A0);
        world.seek(A0, 20);
        world.run(20 * MILLI);
        world.cluster.idsInMetadata = true;
        log.moveTo(2);
        world.refreshMetadata();
        topic.recreate();

        world.refreshMetadata();
        world.resume(A0);
        world.run(SECOND);

        assertThat(topic.losses()).hasSize(1);
        assertThat(world.application.position(A0)).isEqualTo(30);
    }
}
