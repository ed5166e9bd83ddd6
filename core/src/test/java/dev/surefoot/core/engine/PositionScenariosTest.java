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
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ResetStrategy;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where reading starts, and what becomes of a position that a broker's word puts in doubt. */
class PositionScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final long BUFFER = 64 << 20;

    private static EngineWorld world(ResetStrategy reset) {
        EngineWorld world = new EngineWorld(2, reset, BUFFER);
        world.log(A0, 1, 10);
        world.assign(A0);
        return world;
    }

    @Test
    void earliestStartsAtTheLogStart() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.cluster.log(A0).deleteBefore(50);

        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(0).fetchOffset()).isEqualTo(50);
    }

    @Test
    void latestStartsAtTheLogEnd() {
        EngineWorld world = world(new ResetStrategy.Latest());
        world.run(SECOND);
        assertThat(world.application.position(A0)).isEqualTo(100);
        world.cluster.log(A0).append(1, 10, 0);

        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(0).fetchOffset()).isEqualTo(100);
    }

    @Test
    void byDurationStartsAtTheFirstRecordYoungEnough() {
        EngineWorld world = world(new ResetStrategy.ByDuration(Duration.ofMillis(30)));
        world.epochMillis = 70;

        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(0).fetchOffset()).isBetween(40L, 42L);
    }

    @Test
    void byDurationStartsAtTheLogEndIfNoRecordIsYoungEnough() {
        EngineWorld world = world(new ResetStrategy.ByDuration(Duration.ofMillis(30)));

        world.run(SECOND);

        assertThat(world.application.position(A0)).isEqualTo(100);
    }

    @Test
    void withoutAPolicyTheApplicationHasToSeek() {
        EngineWorld world = world(new ResetStrategy.None());
        world.run(SECOND);
        assertThat(world.application.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.cause()).isInstanceOf(NoOffsetForPartitionException.class);
            assertThat(failure.lasting()).isTrue();
        });

        world.seek(A0, 20);

        world.runUntilConsumed(A0);
    }

    @Test
    void aLookupIsRepeatedUntilItIsAnswered() {
        EngineWorld world = new EngineWorld(2);
        world.log(A0, 1, 10);
        for (int i = 0; i < 3; i++) {
            world.link.next(ListOffsetsRequest.class::isInstance, Fate.REQUEST_LOST);
        }
        world.assign(A0);

        world.runUntilConsumed(A0);

        assertThat(world.count(ListOffsetsRequest.class)).isEqualTo(4);
    }

    @Test
    void aLookupThatIsRefusedIsRepeatedAfterARest() {
        EngineWorld world = new EngineWorld(2);
        world.log(A0, 1, 10);
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        world.assign(A0);
        world.run(5 * SECOND);
        assertThat(world.count(ListOffsetsRequest.class)).isBetween(5L, 12L);

        world.cluster.fail(A0, BrokerError.NONE);

        world.runUntilConsumed(A0);
    }

    @Test
    void theAnswerToALookupFromBeforeASeekIsNotUsed() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.link.next(ListOffsetsRequest.class::isInstance, Fate.HELD);
        world.run(SECOND);
        world.seek(A0, new ResetStrategy.Latest());
        world.link.letGo(world.now);
        world.run(SECOND);

        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(world.application.records(A0)).isEmpty();
        assertThat(world.count(ListOffsetsRequest.class)).isEqualTo(2);
    }

    @Test
    void anOffsetThatIsGoneIsResetByThePolicy() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.runUntilConsumed(A0);
        world.cluster.log(A0).deleteBefore(60);
        world.seek(A0, 5);
        world.engine.pause(List.of(), true, world.now);

        world.run(SECOND);

        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(world.application.events(EngineEvent.PositionLost.class))
                .singleElement()
                .satisfies(lost -> assertThat(lost.what())
                        .startsWith("offset 5 is out of range; goes on at offset 60 instead of 5 by"
                                + " auto.offset.reset=earliest, so 55 offsets (5 to 59) are skipped"));
    }

    @Test
    void anOffsetThatIsGoneHaltsThePartitionWithoutAPolicy() {
        EngineWorld world = world(new ResetStrategy.None());
        world.seek(A0, 5_000);
        world.run(SECOND);

        assertThat(world.application.failures())
                .extracting(Delivery.Failure::cause)
                .singleElement()
                .isInstanceOf(OffsetOutOfRangeException.class);
        world.seek(A0, 0);
        world.runUntilConsumed(A0);
    }

    @Test
    void aPositionThatIsLostAgainAsSoonAsItIsFoundIsNotLookedUpInALoop() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.runUntilConsumed(A0);
        world.link.outOfRangeAt(1);
        world.seek(A0, 0);
        world.run(10 * SECOND);

        long asked = world.count(ListOffsetsRequest.class);
        assertThat(asked).isBetween(5L, 150L);

        world.link.heal(world.now);
        world.cluster.log(A0).append(1, 10, 0);
        world.runUntilConsumed(A0);
    }

    @Test
    void outOfRangeWithAnEpochIsAskedOnceMoreWithoutIt() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.runUntilConsumed(A0);
        world.run(SECOND);
        world.cluster.log(A0).append(1, 10, 0);
        world.link.editNextFetch(answer -> ModelAnswers.answer(
                answer.sessionId(),
                List.of(ModelAnswers.error(world.cluster.key(A0), BrokerError.OFFSET_OUT_OF_RANGE))));

        world.runUntilConsumed(A0);

        assertThat(world.application.events(EngineEvent.PositionLost.class)).isEmpty();
    }

    @Test
    void aTruncatedLogIsReadOnFromWhereItAgrees() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.runUntilConsumed(A0);
        world.run(SECOND);
        ModelLog log = world.cluster.log(A0);
        log.truncateTo(80);
        log.moveTo(2);
        log.append(5, 10, 0);

        world.run(3 * SECOND);

        assertThat(world.application.position(A0)).isEqualTo(130);
        assertThat(world.application.records(A0)).anyMatch(records -> records.fetchOffset() == 80);
        assertThat(world.application.events(EngineEvent.PositionLost.class))
                .singleElement()
                .satisfies(lost -> assertThat(lost.what())
                        .startsWith("the log was truncated below offset 100; goes on at offset 80 instead of 100, so 20"
                                + " offsets (80 to 99) are read again"));
    }

    @Test
    void aTruncatedLogHaltsThePartitionWithoutAPolicy() {
        EngineWorld world = world(new ResetStrategy.None());
        world.seek(A0, 0);
        world.runUntilConsumed(A0);
        world.run(SECOND);
        world.cluster.log(A0).truncateTo(80);
        world.cluster.log(A0).moveTo(2);
        world.cluster.log(A0).append(5, 10, 0);

        world.run(3 * SECOND);

        assertThat(world.application.failures())
                .last()
                .satisfies(failure -> assertThat(failure.cause()).isInstanceOf(LogTruncationException.class));
    }

    @Test
    void aLogThatHasAnOlderEpochBehindThePositionIsReadOnWithThatEpoch() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.runUntilConsumed(A0);
        ModelLog log = world.cluster.log(A0);
        log.append(2, 10, 0);
        log.moveTo(2);
        log.moveTo(1);
        log.append(2, 10, 0);
        // The application has read offset 99 under epoch 2, of which this log knows nothing: its epoch 1 goes on to
        // 120.
        world.engine.seek(A0, world.application.moved(A0, 100), new FetchPosition(100, 2), world.now);
        int sent = world.link.sent.size();

        world.run(3 * SECOND);

        assertThat(world.application.position(A0)).isEqualTo(140);
        assertThat(world.link.sent.size() - sent).isLessThan(30);
    }

    @Test
    void aSeekWithAnEpochIsValidatedFirst() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.engine.seek(A0, world.application.moved(A0, 30), new FetchPosition(30, 1), world.now);

        world.runUntilConsumed(A0);

        assertThat(world.count(OffsetForLeaderEpochRequest.class)).isEqualTo(1);
    }

    @Test
    void aLostValidationIsRepeated() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.link.next(OffsetForLeaderEpochRequest.class::isInstance, Fate.ANSWER_LOST);
        world.engine.seek(A0, world.application.moved(A0, 30), new FetchPosition(30, 1), world.now);

        world.runUntilConsumed(A0);

        assertThat(world.count(OffsetForLeaderEpochRequest.class)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NOT_LEADER_OR_FOLLOWER",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "UNKNOWN_TOPIC_ID",
                "INCONSISTENT_TOPIC_ID",
                "KAFKA_STORAGE_ERROR",
                "OFFSET_NOT_AVAILABLE",
                "UNKNOWN_LEADER_EPOCH",
                "UNKNOWN_SERVER_ERROR"
            })
    void aPartitionThatFailsRestsWhileTheOthersGoOnAndComesBack(BrokerError error) {
        EngineWorld world = world(new ResetStrategy.Earliest());
        TopicPartition other = tp("a", 1);
        world.log(other, 1, 1);
        world.assign(A0, other);
        world.runUntilConsumed(A0);
        world.runUntilConsumed(other);
        world.cluster.fail(A0, error);
        int fetches = world.fetches(1).size();
        world.cluster.log(A0).append(1, 10, 0);
        world.run(10 * SECOND);
        assertThat(world.fetches(1).size() - fetches).as("no tight loop").isLessThan(70);
        world.cluster.log(other).append(1, 10, 0);
        world.runUntilConsumed(other);

        world.cluster.fail(A0, BrokerError.NONE);

        world.runUntilConsumed(A0);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).isEmpty();
        assertThat(world.application.failures()).isEmpty();
    }

    @Test
    void aPartitionThatMayNotBeReadIsReportedAndTriedAgain() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.runUntilConsumed(A0);
        world.cluster.fail(A0, BrokerError.TOPIC_AUTHORIZATION_FAILED);
        world.cluster.log(A0).append(1, 10, 0);
        world.run(2 * SECOND);
        assertThat(world.application.failures()).isNotEmpty().allSatisfy(failure -> {
            assertThat(failure.cause()).isInstanceOf(TopicAuthorizationException.class);
            assertThat(failure.lasting()).isFalse();
        });

        world.cluster.fail(A0, BrokerError.NONE);

        world.runUntilConsumed(A0);
    }

    @Test
    void aLeaderHintIsFollowedWithoutWaitingForMetadata() {
        EngineWorld world = world(new ResetStrategy.Earliest());
        world.cluster.leaderHints = true;
        world.runUntilConsumed(A0);
        world.run(SECOND);
        long metadata = world.count(MetadataRequest.class);
        world.cluster.log(A0).moveTo(2);
        world.cluster.log(A0).append(1, 10, 0);

        world.run(600 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(110);
        assertThat(world.count(MetadataRequest.class)).isEqualTo(metadata);
    }
}
