package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.model.ModelLog;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Metadata that names another leader, or another leader epoch, while the partition is in each of its states (KIP-320).
 */
class LeaderChangeScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final Predicate<Request<?>> OFFSETS = ListOffsetsRequest.class::isInstance;
    private static final Predicate<Request<?>> EPOCHS = OffsetForLeaderEpochRequest.class::isInstance;

    private final EngineWorld world = new EngineWorld(3);
    private ModelLog log;

    @BeforeEach
    void anEmptyPartition() {
        log = world.cluster.create(A0, 1);
    }

    private void consumeUnderEpoch(int leaderEpoch) {
        log.epoch = leaderEpoch;
        log.append(10, 10, 0);
        world.assign(A0);
        world.runUntilConsumed(A0);
    }

    private long epochQuestions() {
        return world.count(OffsetForLeaderEpochRequest.class);
    }

    private int lastAskedAboutEpochs() {
        return world.link.sent.stream()
                .filter(EPOCHS)
                .mapToInt(Request::nodeId)
                .reduce((earlier, later) -> later)
                .orElse(-1);
    }

    @Test
    void aPositionWithAnEpochIsValidatedByTheNewLeader() {
        consumeUnderEpoch(1);
        log.moveTo(2);

        world.refreshMetadata();
        world.run(20 * MILLI);

        assertThat(epochQuestions()).isEqualTo(1);
        assertThat(lastAskedAboutEpochs()).isEqualTo(2);
        log.append(1, 10, 0);
        world.runUntilConsumed(A0);
    }

    @Test
    void theEarliestEpochsAreEpochsLikeAnyOther() {
        log.epoch = 0;
        log.append(10, 10, 0);
        log.epoch = -1;
        world.assign(A0);
        world.runUntilConsumed(A0);

        log.epoch = 0;
        world.refreshMetadata();
        world.run(20 * MILLI);

        assertThat(epochQuestions()).isEqualTo(1);
    }

    @Test
    void aLeaderOfWhichNoEpochIsKnownIsReadFromWithoutValidation() {
        consumeUnderEpoch(1);
        log.leader = 2;
        log.epoch = -1;

        world.refreshMetadata();
        world.run(20 * MILLI);

        assertThat(epochQuestions()).isZero();
        assertThat(world.fetches(2)).isNotEmpty();
    }

    @Test
    void anotherLeaderUnderTheSameEpochNeedNotValidate() {
        consumeUnderEpoch(1);
        log.leader = 2;

        world.refreshMetadata();
        world.run(20 * MILLI);

        assertThat(epochQuestions()).isZero();
        assertThat(world.fetches(2)).isNotEmpty();
    }

    @Test
    void aPositionWithoutAnEpochIsGoodForTheLeaderEpochInWhichItWasFirstRead() {
        log.append(10, 10, 0);
        world.assign(A0);
        world.pause(A0);
        world.seek(A0, 20);
        world.run(20 * MILLI);
        log.moveTo(2);
        world.refreshMetadata();
        world.resume(A0);
        world.runUntilConsumed(A0);
        log.leader = 3;

        world.refreshMetadata();
        world.run(20 * MILLI);

        assertThat(epochQuestions()).isZero();
        assertThat(world.fetches(3)).isNotEmpty();
    }

    @Test
    void aQuestionAboutAnEpochIsPutToTheNewLeaderEvenUnderTheSameEpoch() {
        consumeUnderEpoch(1);
        world.link.next(EPOCHS, Fate.HELD);
        world.engine.seek(A0, world.application.moved(A0, 30), new FetchPosition(30, 1), world.now);
        world.run(20 * MILLI);
        assertThat(lastAskedAboutEpochs()).isEqualTo(1);
        log.leader = 2;

        world.refreshMetadata();
        world.run(20 * MILLI);

        assertThat(lastAskedAboutEpochs()).isEqualTo(2);
        assertThat(world.application.position(A0)).isEqualTo(100);
    }

    @Test
    void aQuestionAboutAnOffsetIsNotPutTwiceBecauseALeaderChanges() {
        log.append(10, 10, 0);
        world.link.next(OFFSETS, Fate.HELD);
        world.assign(A0);
        world.run(20 * MILLI);
        log.moveTo(2);

        world.refreshMetadata();
        world.run(20 * MILLI);
        assertThat(world.count(ListOffsetsRequest.class)).isEqualTo(1);

        world.link.letGo(world.now);
        world.runUntilConsumed(A0);
        assertThat(world.count(ListOffsetsRequest.class)).isEqualTo(1);
    }

    @Test
    void aPartitionWhoseLeaderIsGoneIsFetchedFromNobodyUntilThereIsOne() {
        consumeUnderEpoch(1);
        log.leader = -1;
        world.refreshMetadata();
        world.run(SECOND);
        int fetches = world.fetches(1).size()
                + world.fetches(2).size()
                + world.fetches(3).size();
        world.run(3 * SECOND);
        assertThat(world.fetches(1).size()
                        + world.fetches(2).size()
                        + world.fetches(3).size())
                .isEqualTo(fetches);

        log.moveTo(3);
        log.append(1, 10, 0);

        world.runUntilConsumed(A0);
    }

    @Test
    void aLogThatEndsBeforeThePositionIsToldOfByItsFetchesToo() {
        consumeUnderEpoch(1);
        log.truncateTo(80);

        world.run(SECOND);

        assertThat(world.application.events(EngineEvent.PositionLost.class))
                .singleElement()
                .satisfies(lost -> assertThat(lost.what()).contains("goes on at offset 80 instead of 100"));
        assertThat(world.application.position(A0)).isEqualTo(80);
    }

    @Test
    void aBrokerWithTheIdZeroLeadsLikeAnyOther() {
        world.cluster.addBroker(0);
        world.cluster.leaderHints = true;
        consumeUnderEpoch(1);
        world.run(SECOND);
        long metadata = world.count(MetadataRequest.class);
        log.moveTo(0);
        log.append(1, 10, 0);

        world.run(600 * MILLI);

        assertThat(world.application.position(A0)).isEqualTo(110);
        assertThat(world.fetches(0)).isNotEmpty();
        assertThat(world.count(MetadataRequest.class)).isEqualTo(metadata);
    }

    @Test
    void aBrokerWithTheIdZeroIsAReplicaLikeAnyOther() {
        world.cluster.addBroker(0);
        log.preferredReplica = 0;

        consumeUnderEpoch(1);

        assertThat(world.fetches(0)).isNotEmpty();
        assertThat(world.application.events(EngineEvent.ReadReplicaChanged.class))
                .extracting(EngineEvent.ReadReplicaChanged::replica)
                .containsExactly(0);
    }
}
