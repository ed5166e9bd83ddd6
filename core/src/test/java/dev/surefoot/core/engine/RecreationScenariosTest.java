package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ResetStrategy;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A name that comes to stand for another topic, or seems to, while the partition is in each of its states. */
class RecreationScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final Uuid RUMOURED = new Uuid(77, 77);
    private static final Predicate<Request> OFFSETS = Request.ListOffsets.class::isInstance;
    private static final Predicate<Request> FETCH = Request.Fetch.class::isInstance;

    private EngineWorld world;
    private ModelLog log;
    private Uuid first;

    @BeforeEach
    void onePartitionReadToItsEnd() {
        start(new ResetStrategy.Earliest());
        world.runUntilConsumed(A0);
    }

    /** One partition of a hundred records, assigned and not looked at yet. */
    private void start(ResetStrategy policy) {
        world = new EngineWorld(2, policy, 64 << 20);
        log = world.log(A0, 1, 10);
        first = log.topicId;
        world.assign(A0);
    }

    /** The topic is deleted and created again, with thirty records. */
    private void recreate() {
        world.cluster.recreate("a");
        log.append(3, 10, 0);
    }

    /** A broker that lags behind, or is wrong, says that the name stands for the topic with this id. */
    private void metadataSays(Uuid topicId) {
        world.cluster.staleIds.put("a", topicId);
        world.refreshMetadata();
    }

    private void metadataSaysTheTruth() {
        world.cluster.staleIds.clear();
        world.refreshMetadata();
    }

    private List<EngineEvent.PositionLost> losses() {
        return world.application.events(EngineEvent.PositionLost.class);
    }

    private long offsetQuestions() {
        return world.count(Request.ListOffsets.class);
    }

    private long epochQuestions() {
        return world.count(Request.OffsetForLeaderEpoch.class);
    }

    private List<Long> positionsTold() {
        return world.application.taken.stream()
                .filter(Delivery.Positioned.class::isInstance)
                .map(told -> ((Delivery.Positioned) told).position().offset())
                .toList();
    }

    /** The application gives up what it had from its consumed position on, which is in the topic of this id. */
    private void yieldFrom(long offset, Uuid topicId) {
        long generation = world.application.moved(A0, offset);
        world.engine.fetchAgain(A0, new Yielded(generation, FetchPosition.at(offset), topicId));
    }

    /** The offset of the first record that came after this many deliveries. */
    private long firstOffsetAfter(int deliveries) {
        return world.application.records(A0).get(deliveries).fetchOffset();
    }

    @Test
    void anotherTopicIsReadFromItsStartWhateverThePolicySays() {
        start(new ResetStrategy.Latest());
        world.run(20 * MILLI);
        assertThat(world.application.position(A0)).isEqualTo(100);

        recreate();
        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(0).fetchOffset()).isZero();
        assertThat(losses())
                .singleElement()
                .satisfies(lost -> assertThat(lost.what())
                        .startsWith("the topic was deleted and created again, and the new one is read from its start;"
                                + " goes on at offset 0 instead of 100."));
    }

    @Test
    void withoutAPolicyTheApplicationIsToldAndDecides() {
        start(new ResetStrategy.None());
        world.seek(A0, 0);
        world.runUntilConsumed(A0);
        recreate();
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
        assertThat(losses()).isEmpty();
    }

    @Test
    void aPartitionThatStandsStillGoesOnStandingStillAndIsToldNothingMore() {
        start(new ResetStrategy.None());
        world.seek(A0, 5_000);
        world.run(20 * MILLI);
        assertThat(world.application.failures()).hasSize(1);
        recreate();

        world.refreshMetadata();
        world.run(SECOND);

        assertThat(world.application.failures()).hasSize(1);
        assertThat(world.application.records(A0)).isEmpty();
    }

    @Test
    void aPositionThatIsBeingLookedUpIsLookedUpInTheNewTopic() {
        world.link.next(OFFSETS, Fate.HELD);
        world.seek(A0, new ResetStrategy.Latest());
        world.run(20 * MILLI);
        recreate();
        world.refreshMetadata();
        world.link.letGo(world.now);
        world.run(SECOND);

        assertThat(world.application.position(A0)).isEqualTo(30);
        assertThat(world.application.records(A0)).hasSize(1);
        assertThat(losses()).isEmpty();
    }

    @Test
    void aTopicCreatedAgainUnderASoughtPositionIsNoticed() {
        start(new ResetStrategy.Earliest());
        world.link.next(OFFSETS, Fate.HELD);
        world.run(20 * MILLI);
        world.pause(A0);
        world.seek(A0, 20);
        recreate();

        world.refreshMetadata();
        world.resume(A0);
        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(0).fetchOffset()).isZero();
        assertThat(losses()).hasSize(1);
    }

    @Test
    void nothingIsToldOfATopicThatIsARumour() {
        start(new ResetStrategy.Earliest());
        world.run(20 * MILLI);
        world.pause(A0);
        world.seek(A0, 50);

        metadataSays(RUMOURED);
        world.run(SECOND);
        assertThat(world.application.position(A0)).isEqualTo(50);

        metadataSaysTheTruth();
        world.resume(A0);
        world.runUntilConsumed(A0);
        assertThat(world.application.records(A0)).last().satisfies(records -> assertThat(records.fetchOffset())
                .isEqualTo(50));
    }

    @Test
    void whatWasLeftForARumourIsGoneOnWithInSilence() {
        int told = positionsTold().size();
        metadataSays(RUMOURED);
        world.run(SECOND);
        metadataSaysTheTruth();
        log.append(1, 10, 0);

        world.runUntilConsumed(A0);

        assertThat(positionsTold()).hasSize(told);
        assertThat(world.application.position(A0)).isEqualTo(110);
    }

    @Test
    void aPositionThatIsGoneOnWithIsValidatedIfItsEpochIsKnown() {
        long asked = epochQuestions();
        metadataSays(RUMOURED);
        world.run(SECOND);

        metadataSaysTheTruth();
        world.run(SECOND);

        assertThat(epochQuestions() - asked).isEqualTo(1);
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
        assertThat(epochQuestions()).isZero();

        world.cluster.staleIds.clear();
        world.refreshMetadata();
        world.run(SECOND);

        assertThat(epochQuestions()).isEqualTo(1);
    }

    @Test
    void aPositionThatIsGoneOnWithIsNotValidatedWithoutAnEpoch() {
        world.pause(A0);
        world.seek(A0, 50);
        metadataSays(RUMOURED);
        world.resume(A0);
        world.run(SECOND);

        metadataSaysTheTruth();
        world.runUntilConsumed(A0);

        assertThat(epochQuestions()).isZero();
        assertThat(world.application.records(A0)).last().satisfies(records -> assertThat(records.fetchOffset())
                .isEqualTo(50));
    }

    @Test
    void aTopicThatWasARumourTwiceAndThenIsServedIsReadFromWhereItWasFound() {
        metadataSays(RUMOURED);
        world.run(SECOND);
        metadataSaysTheTruth();
        world.run(SECOND);
        world.cluster.recreate("a");
        log.topicId = RUMOURED;
        log.append(3, 10, 0);
        world.refreshMetadata();

        world.runUntilConsumed(A0);

        assertThat(world.application.position(A0)).isEqualTo(30);
        assertThat(positionsTold()).endsWith(0L);
    }

    @Test
    void whatIsGivenUpInTheNewTopicIsFetchedAgainFromTheConsumedPosition() {
        recreate();
        world.runUntilConsumed(A0);
        int before = world.application.records(A0).size();

        yieldFrom(20, log.topicId);
        world.runUntilConsumed(A0);

        assertThat(firstOffsetAfter(before)).isEqualTo(20);
    }

    @Test
    void whatIsGivenUpWhileTheNewTopicIsLookedUpIsLookedUpStill() {
        recreate();
        log.deleteBefore(20);
        world.link.next(OFFSETS, Fate.HELD);
        world.refreshMetadata();
        long asked = offsetQuestions();

        yieldFrom(90, Uuid.ZERO_UUID);
        world.run(SECOND);

        assertThat(offsetQuestions()).isEqualTo(asked + 1);
        assertThat(losses()).hasSize(1);
        assertThat(world.application.position(A0)).isEqualTo(30);
    }

    @Test
    void whatIsGivenUpBeforeTheNewTopicIsServedBeginsWhereTheNewTopicDoes() {
        recreate();
        log.deleteBefore(20);
        world.refreshMetadata();
        world.link.next(FETCH, Fate.HELD);
        world.run(SECOND);
        int before = world.application.records(A0).size();

        yieldFrom(90, Uuid.ZERO_UUID);
        world.run(10 * MILLI);
        assertThat(world.application.position(A0)).as("not served so far").isEqualTo(90);
        world.link.letGo(world.now);
        world.runUntilConsumed(A0);

        assertThat(firstOffsetAfter(before)).isEqualTo(20);
        assertThat(losses()).hasSize(1);
    }

    @Test
    void whatIsGivenUpForARumourIsFetchedAgainOnceItIsRefuted() {
        metadataSays(RUMOURED);
        world.run(SECOND);
        int before = world.application.records(A0).size();
        yieldFrom(60, Uuid.ZERO_UUID);
        world.run(SECOND);

        metadataSaysTheTruth();
        world.runUntilConsumed(A0);

        assertThat(firstOffsetAfter(before)).isEqualTo(60);
    }

    @Test
    void whatIsGivenUpByIdForARumourIsFetchedAgainOnceItIsRefuted() {
        metadataSays(RUMOURED);
        world.run(SECOND);
        int before = world.application.records(A0).size();
        yieldFrom(60, first);
        world.run(SECOND);

        metadataSaysTheTruth();
        world.runUntilConsumed(A0);

        assertThat(firstOffsetAfter(before)).isEqualTo(60);
    }

    @Test
    void aPartitionThatStandsStillIsToldOfItOnceMoreWhenDataIsGivenUp() {
        start(new ResetStrategy.None());
        world.seek(A0, 0);
        world.runUntilConsumed(A0);
        recreate();
        world.refreshMetadata();

        yieldFrom(90, Uuid.ZERO_UUID);
        world.run(SECOND);

        assertThat(world.application.failures()).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.cause()).isInstanceOf(UnknownTopicIdException.class);
            assertThat(failure.lasting()).isTrue();
        });
        assertThat(world.application.records(A0)).noneMatch(records -> records.fetchOffset() == 90);
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
        recreate();

        world.refreshMetadata();
        world.resume(A0);
        world.run(SECOND);

        assertThat(losses()).hasSize(1);
        assertThat(world.application.position(A0)).isEqualTo(30);
    }
}
