package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.TopicWorld.A0;
import static dev.surefoot.core.engine.TopicWorld.RUMOURED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelBatches;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ResetStrategy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data that the application gives up, while its partition's name has come to stand for another topic, or seems to. */
class YieldScenariosTest {
    private static final Predicate<Request<?>> OFFSETS = ListOffsetsRequest.class::isInstance;
    private static final Predicate<Request<?>> FETCH = FetchRequest.class::isInstance;

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
    void whatIsGivenUpInTheNewTopicIsFetchedAgainFromTheConsumedPosition() {
        topic.recreate();
        world.runUntilConsumed(A0);
        int before = world.application.records(A0).size();

        topic.yieldFrom(20, log.topicId);
        world.runUntilConsumed(A0);

        assertThat(topic.firstOffsetAfter(before)).isEqualTo(20);
    }

    @Test
    void whatIsGivenUpWhileTheNewTopicIsLookedUpIsLookedUpStill() {
        topic.recreate();
        log.deleteBefore(20);
        world.link.next(OFFSETS, Fate.HELD);
        world.refreshMetadata();
        long asked = topic.offsetQuestions();

        topic.yieldFrom(90, Uuid.ZERO_UUID);
        world.run(SECOND);

        assertThat(topic.offsetQuestions()).isEqualTo(asked + 1);
        assertThat(topic.losses())
                .singleElement()
                .satisfies(lost -> assertThat(lost.what()).startsWith("the topic was deleted and created again"));
        assertThat(world.application.position(A0)).isEqualTo(30);
        assertThat(world.application.failures()).isEmpty();
    }

    @Test
    void whatIsGivenUpBeforeTheNewTopicIsServedBeginsWhereTheNewTopicDoes() {
        topic.recreate();
        log.deleteBefore(20);
        world.refreshMetadata();
        world.link.next(FETCH, Fate.HELD);
        world.run(SECOND);
        int before = world.application.records(A0).size();

        topic.yieldFrom(90, Uuid.ZERO_UUID);
        world.run(10 * MILLI);
        assertThat(world.application.position(A0)).as("not served so far").isEqualTo(90);
        world.link.letGo(world.now);
        world.runUntilConsumed(A0);

        assertThat(topic.firstOffsetAfter(before)).isEqualTo(20);
        assertThat(topic.losses()).hasSize(1);
    }

    @Test
    void whatIsGivenUpForARumourIsFetchedAgainOnceItIsRefuted() {
        assertFetchedAgainOnceTheRumourIsRefuted(Uuid.ZERO_UUID);
    }

    @Test
    void whatIsGivenUpByIdForARumourIsFetchedAgainOnceItIsRefuted() {
        assertFetchedAgainOnceTheRumourIsRefuted(topic.first);
    }

    private void assertFetchedAgainOnceTheRumourIsRefuted(Uuid yieldedTopicId) {
        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        int before = world.application.records(A0).size();
        topic.yieldFrom(60, yieldedTopicId);
        world.run(SECOND);

        topic.metadataSaysTheTruth();
        world.runUntilConsumed(A0);

        assertThat(topic.firstOffsetAfter(before)).isEqualTo(60);
    }

    @Test
    void whatIsGivenUpOfTheSecondTopicForARumourIsFetchedAgainOnceItIsRefuted() {
        topic.recreate();
        world.runUntilConsumed(A0);
        topic.metadataSays(RUMOURED);
        world.run(SECOND);
        int before = world.application.records(A0).size();
        topic.yieldFrom(20, log.topicId);
        world.run(SECOND);

        topic.metadataSaysTheTruth();
        world.runUntilConsumed(A0);

        assertThat(topic.firstOffsetAfter(before)).isEqualTo(20);
    }

    @Test
    void aPartitionThatStandsStillIsToldOfItOnceMoreWhenDataIsGivenUp() {
        start(new ResetStrategy.None());
        world.seek(A0, 0);
        world.runUntilConsumed(A0);
        topic.recreate();
        world.refreshMetadata();

        topic.yieldFrom(90, Uuid.ZERO_UUID);
        world.run(SECOND);

        assertThat(world.application.failures()).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.cause()).isInstanceOf(UnknownTopicIdException.class);
            assertThat(failure.lasting()).isTrue();
        });
        assertThat(world.application.records(A0)).noneMatch(records -> records.fetchOffset() == 90);
    }

    @Test
    void aPartitionThatStandsStillInTheNewTopicIsToldOfItOnceMoreWhenDataOfTheOldIsGivenUp() {
        topic.recreate();
        ByteBuffer unreadable = ModelBatches.batch(0, 10, 1);
        unreadable.put(16, (byte) 9);
        world.link.editFetches(answer -> answer.partitions().stream()
                        .noneMatch(partition -> partition.records().hasRemaining())
                ? answer
                : ModelAnswers.answer(
                        answer.sessionId(),
                        List.of(ModelAnswers.records(world.cluster.key(A0), log.endOffset(), unreadable))));
        world.refreshMetadata();
        world.run(SECOND);
        assertThat(world.application.failures()).hasSize(1);

        topic.yieldFrom(90, Uuid.ZERO_UUID);
        world.run(SECOND);

        assertThat(world.application.failures()).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.cause()).isNotNull();
            assertThat(failure.lasting()).isTrue();
        });
        assertThat(world.application.failures())
                .extracting(Delivery.Failure::cause)
                .containsOnly(world.application.failures().get(0).cause());
    }
}
