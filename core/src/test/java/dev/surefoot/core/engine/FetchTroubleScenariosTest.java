package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelBatches;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.core.session.FetchTarget;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fetches that fail or are refused, and answers with something odd in them. */
class FetchTroubleScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final Predicate<Request<?>> FETCH = FetchRequest.class::isInstance;

    private final EngineWorld world = new EngineWorld(2);
    private ModelLog log;

    @BeforeEach
    void onePartitionReadToItsEnd() {
        log = world.log(A0, 1, 10);
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.run(SECOND);
    }

    private int fetches() {
        return world.fetches(1).size();
    }

    private long metadataRequests() {
        return world.count(MetadataRequest.class);
    }

    private FetchTarget lastTarget() {
        FetchTarget last = null;
        for (FetchRequest fetch : world.fetches(1)) {
            last = fetch.plan().partitions().getOrDefault(world.cluster.key(A0), last);
        }
        return last;
    }

    /** The next fetch finds ten records, and the broker answers with these bytes instead. */
    private void nextAnswerBrings(ByteBuffer records) {
        world.link.editNextFetch(answer -> ModelAnswers.answer(
                answer.sessionId(), List.of(ModelAnswers.records(world.cluster.key(A0), log.endOffset(), records))));
    }

    @Test
    void aRequestThatIsLostIsRepeatedAtOnceAndMetadataIsAskedFor() {
        long metadata = metadataRequests();
        world.run(490 * MILLI);
        log.append(1, 10, 0);
        world.link.next(FETCH, Fate.REQUEST_LOST);
        int fetches = fetches();
        while (fetches() == fetches) {
            world.run(MILLI);
        }
        world.run(5 * MILLI);

        assertThat(fetches() - fetches).isGreaterThanOrEqualTo(2);
        assertThat(world.application.position(A0)).isEqualTo(110);
        world.run(200 * MILLI);
        assertThat(metadataRequests()).isGreaterThan(metadata);
    }

    @Test
    void aRequestThatTheBrokerIsTooOldForIsRepeatedWithGrowingPauses() {
        world.link.tooOldFor(FETCH);
        int fetches = fetches();

        world.run(6 * SECOND);

        assertThat(fetches() - fetches).isBetween(5, 13);
        world.link.heal(world.now);
        log.append(1, 10, 0);
        world.runUntilConsumed(A0);
    }

    @Test
    void pausesAreShortAgainAfterAnAnswer() {
        world.link.tooOldFor(FETCH);
        world.run(10 * SECOND);
        world.link.heal(world.now);
        world.run(3 * SECOND);
        world.link.tooOldFor(FETCH);
        int fetches = fetches();
        while (fetches() == fetches) {
            world.run(MILLI);
        }

        world.run(160 * MILLI);

        assertThat(fetches() - fetches).isEqualTo(2);
    }

    @Test
    void aSessionThatTheBrokerHasForgottenIsNoReasonToAskForMetadata() {
        long metadata = metadataRequests();
        world.link.editNextFetch(answer -> ModelAnswers.refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND));

        world.run(3 * SECOND);

        assertThat(metadataRequests()).isEqualTo(metadata);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).hasSize(1);
    }

    @Test
    void anyOtherRefusalOfAFetchIsAReasonToAskForMetadata() {
        long metadata = metadataRequests();
        world.link.editNextFetch(answer -> ModelAnswers.refused(BrokerError.FETCH_SESSION_TOPIC_ID_ERROR));

        world.run(3 * SECOND);

        assertThat(metadataRequests()).isEqualTo(metadata + 1);
    }

    @Test
    void anAnswerThatDoesNotFitTheSessionIsNoReasonToAskForMetadata() {
        long metadata = metadataRequests();
        world.link.editNextFetch(answer -> ModelAnswers.answer(answer.sessionId() + 1, answer.partitions()));

        world.run(3 * SECOND);

        assertThat(metadataRequests()).isEqualTo(metadata);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).hasSize(1);
    }

    @Test
    void watermarksThatComeWithoutRecordsReachTheApplication() {
        world.link.editNextFetch(answer ->
                ModelAnswers.answer(answer.sessionId(), List.of(ModelAnswers.marks(world.cluster.key(A0), 120))));

        world.run(SECOND);

        assertThat(world.application.lastMarks(A0).highWatermark()).isEqualTo(120);
    }

    @Test
    void batchesThatCannotBeReadStopThePartitionBehindThoseThatCan() {
        ByteBuffer bad = ModelBatches.batch(110, 10, 1);
        bad.put(16, (byte) 9);
        log.append(2, 10, 0);
        nextAnswerBrings(ModelBatches.join(List.of(ModelBatches.batch(100, 10, 1), bad)));
        world.run(SECOND);

        assertThat(world.application.position(A0)).isEqualTo(110);
        assertThat(world.application.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.lasting()).isTrue();
            assertThat(failure.partition()).isEqualTo(A0);
        });
        int sent = world.link.sent.size();
        world.run(3 * SECOND);
        assertThat(world.link.sent.size() - sent).isLessThanOrEqualTo(1);

        world.seek(A0, 110);
        world.runUntilConsumed(A0);
    }

    @Test
    void theEpochOfWhatWasReadLastIsKnownToTheLeader() {
        log.append(1, 10, 0);
        world.runUntilConsumed(A0);
        assertThat(lastTarget().lastFetchedEpoch()).isEqualTo(1);

        log.append(1, 10, 0);
        nextAnswerBrings(ModelBatches.batch(110, 10, -1));
        world.runUntilConsumed(A0);
        world.run(SECOND);

        assertThat(lastTarget().fetchOffset()).isEqualTo(120);
        assertThat(lastTarget().lastFetchedEpoch())
                .as("an older batch without an epoch says nothing")
                .isEqualTo(1);
    }

    @Test
    void restsOfAPartitionAreShortAgainOnceItWasServed() {
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        world.run(5 * SECOND);
        world.cluster.fail(A0, BrokerError.NONE);
        world.run(3 * SECOND);
        int fetches = fetches();
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        while (fetches() == fetches) {
            world.run(MILLI);
        }
        world.run(10 * MILLI);
        world.cluster.fail(A0, BrokerError.NONE);
        log.append(1, 10, 0);

        world.run(150 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(110);
    }

    @Test
    void anErrorThatMayPassIsReportedEachTimeUntilThePartitionIsServed() {
        world.cluster.fail(A0, BrokerError.REQUEST_TIMED_OUT);
        world.run(5 * SECOND);
        world.cluster.fail(A0, BrokerError.NONE);
        world.run(3 * SECOND);
        List<EngineEvent.FetchFailed> reported = world.application.events(EngineEvent.FetchFailed.class);
        assertThat(reported).hasSizeBetween(4, 10).allSatisfy(failed -> {
            assertThat(failed.partition()).isEqualTo(A0);
            assertThat(failed.cause()).hasMessageContaining("Fetching a-0 from offset 100");
        });
        assertThat(reported.get(reported.size() - 1).failures()).isEqualTo(reported.size());

        world.run(5 * SECOND);

        assertThat(world.application.events(EngineEvent.FetchFailed.class)).isEqualTo(reported);
    }

    @ParameterizedTest
    @EnumSource(names = {"KAFKA_STORAGE_ERROR", "UNKNOWN_SERVER_ERROR", "THROTTLING_QUOTA_EXCEEDED"})
    void anErrorThatLastsIsReportedOnceInARow(BrokerError error) {
        for (int rows = 1; rows <= 2; rows++) {
            world.cluster.fail(A0, error);
            world.run(60 * SECOND);
            // The guard has the position validated meanwhile, and that request may fail for long, too.
            List<EngineEvent.FaultLasts> reported = world.application.events(EngineEvent.FaultLasts.class).stream()
                    .filter(lasting -> lasting.fault().api() == PartitionFault.Api.FETCH)
                    .toList();
            assertThat(reported).hasSize(rows).allSatisfy(lasting -> {
                assertThat(lasting.partition()).isEqualTo(A0);
                assertThat(lasting.fault().api()).isEqualTo(PartitionFault.Api.FETCH);
                assertThat(lasting.fault().errorCode()).isEqualTo(error.code());
                assertThat(lasting.fault().nodeId()).isEqualTo(log.leader);
            });
            world.cluster.fail(A0, BrokerError.NONE);
            log.append(1, 10, 0);
            world.runUntilConsumed(A0);
        }
    }

    @Test
    void anErrorOfLookUpsThatLastsIsReportedOnce() {
        TopicPartition sought = tp("b", 0);
        world.log(sought, 2, 1);
        world.cluster.fail(sought, BrokerError.REQUEST_TIMED_OUT);
        world.assign(A0, sought);
        world.run(60 * SECOND);

        assertThat(world.application.events(EngineEvent.FaultLasts.class))
                .singleElement()
                .satisfies(lasting -> {
                    assertThat(lasting.fault().api()).isEqualTo(PartitionFault.Api.LIST_OFFSETS);
                    assertThat(lasting.fault().nodeId()).isEqualTo(2);
                    assertThat(lasting.cause()).hasMessageContaining("Looking up an offset of b-0: REQUEST_TIMED_OUT");
                });
    }

    @Test
    void aPartitionThatRestsIsNotInTheSession() {
        TopicPartition other = tp("b", 0);
        world.log(other, 1, 1);
        world.assign(A0, other);
        world.run(SECOND);
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        world.run(20 * SECOND);

        assertThat(world.fetches(1))
                .filteredOn(fetch -> fetch.plan().forgotten().contains(world.cluster.key(A0)))
                .hasSizeGreaterThan(5);
        assertThat(world.application.failures()).isEmpty();
    }

    @Test
    void aLeaderHintThatIsNoNewsIsAnErrorLikeAnyOther() {
        world.link.editFetches(answer -> answer.partitions().isEmpty()
                ? answer
                : ModelAnswers.answer(
                        answer.sessionId(),
                        List.of(ModelAnswers.moved(world.cluster.key(A0), BrokerError.NOT_LEADER_OR_FOLLOWER, 2, 0))));
        log.append(1, 10, 0);
        int sent = world.link.sent.size();
        long metadata = metadataRequests();

        world.run(3 * SECOND);

        assertThat(world.link.sent.size() - sent).isLessThan(40);
        assertThat(metadataRequests()).isGreaterThan(metadata);
        assertThat(world.fetches(2)).isEmpty();
        world.link.editFetches(null);
        world.runUntilConsumed(A0);
    }
}
