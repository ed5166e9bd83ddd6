package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static dev.surefoot.core.engine.SessionScenariosTest.FETCH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.session.FetchPlan.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Seeks, pauses, revocations and moves, while fetches are under way. */
class AssignmentScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);

    private final EngineWorld world = new EngineWorld(2);

    @BeforeEach
    void twoPartitionsOnOneBroker() {
        world.log(A0, 1, 100);
        world.log(A1, 1, 100);
        world.assign(A0, A1);
        world.runUntilConsumed(A0);
        world.runUntilConsumed(A1);
        world.run(SECOND);
    }

    /** Lets a fetch that has found ten more records of both partitions wait for its processing. */
    private void holdAnAnswerWithData() {
        world.cluster.log(A0).append(1, 10, 0);
        world.cluster.log(A1).append(1, 10, 0);
        world.link.next(FETCH, Fate.HELD);
        world.run(600 * MILLI);
    }

    private void letGo() {
        world.link.letGo(world.now);
        world.run(20 * MILLI);
    }

    @Test
    void t18i19ASeekAwayAndBackMakesTheAnswerUnderWayUnusable() {
        holdAnAnswerWithData();
        world.seek(A0, 3);
        world.seek(A0, 1000);
        int before = world.application.records(A0).size();
        world.link.letGo(world.now);
        world.turn();

        assertThat(world.application.records(A0)).as("the old answer").hasSize(before);
        world.runUntilConsumed(A0);
        assertThat(world.application.records(A0)).as("the new answer").hasSize(before + 1);
    }

    @Test
    void i19DataFromAnOffsetThatThePositionHasLeftIsNotUsed() {
        world.seek(A0, 0);
        world.link.next(FETCH, Fate.HELD);
        world.run(600 * MILLI);
        world.cluster.log(A0).truncateTo(500);
        world.cluster.log(A0).moveTo(2);
        world.engine.ask(new Question.Offsets(1, Map.of(tp("unheard-of", 0), -1L)));
        world.runUntilConsumed(A0);
        int before = world.application.records(A0).size();

        letGo();

        assertThat(world.application.records(A0)).as("the old leader's answer").hasSize(before);
        assertThat(world.application.position(A0)).isEqualTo(500);
    }

    @Test
    void i20AResetMakesTheAnswerUnderWayUnusable() {
        holdAnAnswerWithData();
        world.seek(A0, new dev.surefoot.core.position.ResetStrategy.Earliest());
        letGo();

        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0))
                .filteredOn(records -> records.fetchOffset() == 0)
                .hasSize(2);
    }

    @Test
    void i20APauseKeepsTheAnswerUnderWayAndAsksForNoMore() {
        holdAnAnswerWithData();
        world.pause(A0);
        letGo();
        assertThat(world.application.position(A0)).isEqualTo(1010);
        world.cluster.log(A0).append(1, 10, 0);

        world.run(3 * SECOND);

        assertThat(world.application.position(A0)).isEqualTo(1010);
        world.resume(A0);
        world.runUntilConsumed(A0);
    }

    @Test
    void i20ARevocationMakesTheAnswerUnderWayUnusableEvenIfThePartitionReturns() {
        holdAnAnswerWithData();
        world.assign(A1);
        world.assign(A1, A0);
        letGo();

        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0))
                .filteredOn(records -> records.fetchOffset() == 0)
                .as("read again from where the reset policy says")
                .hasSize(2);
    }

    @Test
    void aPartitionThatIsRevokedAndAssignedInOneGoStartsAnew() {
        long old = world.application.generations().get(A0);
        world.application.moved(A0);
        assertThat(world.application.generations().get(A0)).isGreaterThan(old);

        world.engine.assign(world.application.generations(), world.now);

        world.runUntilConsumed(A0);
        assertThat(world.application.records(A0))
                .filteredOn(records -> records.fetchOffset() == 0)
                .hasSize(2);
    }

    @Test
    void aPartitionThatStaysAssignedKeepsItsPositionAndItsPause() {
        world.pause(A0);
        world.assign(A0);
        world.cluster.log(A0).append(1, 10, 0);
        world.run(2 * SECOND);
        assertThat(world.application.position(A0)).isEqualTo(1000);

        world.resume(A0);

        world.runUntilConsumed(A0);
    }

    @Test
    void commandsForARevokedPartitionDoNothing() {
        world.assign(A1);
        world.engine.seek(A0, 99, dev.surefoot.core.handover.FetchPosition.at(5), world.now);
        world.engine.seek(A0, 100, new dev.surefoot.core.position.ResetStrategy.Latest(), world.now);
        world.pause(A0);

        world.run(2 * SECOND);

        assertThat(world.cluster.broker(1).held(world.lastPlan(1).sessionId())).containsOnlyKeys(world.cluster.key(A1));
    }

    @Test
    void t19i26APartitionThatMovesIsForgottenByTheOldLeaderAndAddedToTheNew() {
        world.cluster.log(A0).moveTo(2);
        world.cluster.log(A0).append(5, 10, 0);

        world.runUntilConsumed(A0);
        world.run(SECOND);

        assertThat(world.cluster.broker(1).held(world.lastPlan(1).sessionId())).containsOnlyKeys(world.cluster.key(A1));
        assertThat(world.cluster.broker(2).held(world.lastPlan(2).sessionId())).containsOnlyKeys(world.cluster.key(A0));
    }

    @Test
    void t19i26ASessionWhosePartitionsHaveAllMovedIsEnded() {
        world.cluster.log(A0).moveTo(2);
        world.cluster.log(A1).moveTo(2);
        world.cluster.log(A1).append(5, 10, 0);

        world.runUntilConsumed(A1);
        world.run(10 * SECOND);

        assertThat(world.cluster.broker(1).sessions()).isZero();
        assertThat(world.cluster.broker(2).sessions()).isEqualTo(1);
    }

    @Test
    void t20i25APartitionWhoseDataWaitsIsNeitherForgottenNorFetchedAgain() {
        world.application.slow = true;
        world.cluster.log(A0).append(100, 10, 0);
        world.cluster.log(A1).append(100, 10, 0);
        int before = world.fetches(1).size();

        world.runUntilConsumed(A0);
        world.runUntilConsumed(A1);
        world.run(3 * SECOND);

        assertThat(world.fetches(1).subList(before, world.fetches(1).size()))
                .allSatisfy(fetch -> assertThat(fetch.plan().forgotten()).isEmpty());
        assertNothingIsDeliveredTwice();
    }

    private void assertNothingIsDeliveredTwice() {
        Map<TopicPartition, Set<Long>> offsets = new HashMap<>();
        world.application
                .records(A0)
                .forEach(records -> assertThat(offsets.computeIfAbsent(A0, p -> new TreeSet<>())
                                .add(records.fetchOffset()))
                        .isTrue());
        world.application
                .records(A1)
                .forEach(records -> assertThat(offsets.computeIfAbsent(A1, p -> new TreeSet<>())
                                .add(records.fetchOffset()))
                        .isTrue());
    }

    @Test
    void t21i13ATopicThatIsCreatedAgainIsReadFromItsStartAndTheOthersAreUnharmed() {
        TopicPartition other = tp("b", 0);
        world.log(other, 1, 3);
        world.assign(A0, A1, other);
        world.runUntilConsumed(other);
        int sessions = world.lastPlan(1).sessionId();

        world.cluster.recreate("a");
        world.cluster.log(A0).append(3, 10, 0);
        world.cluster.log(A1).append(3, 10, 0);
        world.cluster.log(other).append(1, 10, 0);
        world.runUntilConsumed(A0);
        world.runUntilConsumed(A1);
        world.runUntilConsumed(other);

        assertThat(world.lastPlan(1).sessionId()).isEqualTo(sessions);
        assertThat(world.application.events(EngineEvent.PositionLost.class)).hasSize(2);
        assertThat(world.application.failures()).isEmpty();
    }

    /** Fails once without reason, which makes the client ask for metadata. */
    private void hiccup() {
        world.cluster.fail(A0, BrokerError.NOT_LEADER_OR_FOLLOWER);
        world.run(600 * MILLI);
        world.cluster.fail(A0, BrokerError.NONE);
        world.run(5 * SECOND);
    }

    @Test
    void aBrokerThatLagsBehindAndTellsOfTheDeletedTopicMakesNothingComeTwice() {
        Uuid old = world.cluster.key(A0).topicId();
        world.cluster.recreate("a");
        world.cluster.log(A0).append(3, 10, 0);
        world.runUntilConsumed(A0);
        int before = world.application.records(A0).size();

        world.cluster.staleIds.put("a", old);
        hiccup();
        assertThat(world.application.position(A0))
                .as("nobody has served the old topic, so the position is as it was")
                .isEqualTo(30);
        world.cluster.staleIds.clear();
        world.cluster.log(A0).append(3, 10, 0);
        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(before).fetchOffset()).isEqualTo(30);
    }

    @Test
    void aClientThatHearsOfTheNewTopicFirstIsNotLostToTheOldOne() {
        Uuid old = new Uuid(77, 77);
        world.cluster.log(A0).append(3, 10, 0);
        world.runUntilConsumed(A0);
        int before = world.application.records(A0).size();
        long position = world.application.position(A0);

        world.cluster.staleIds.put("a", old);
        hiccup();
        world.cluster.staleIds.clear();
        world.cluster.log(A0).append(3, 10, 0);
        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(before).fetchOffset()).isEqualTo(position);
    }

    @Test
    void whatIsLetGoOfAfterTheTopicWasCreatedAgainIsNotFetchedFromThePositionInTheOldOne() {
        world.cluster.recreate("a");
        world.cluster.log(A0).append(3, 10, 0);
        world.runUntilConsumed(A0);
        int before = world.application.records(A0).size();

        long generation = world.application.moved(A0);
        world.engine.fetchAgain(A0, new Yielded(generation, FetchPosition.at(20), Uuid.ZERO_UUID), world.now);
        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(before).fetchOffset()).isZero();
    }

    @Test
    void whatIsLetGoOfIsFetchedAgainFromTheConsumedPosition() {
        world.runUntilConsumed(A0);
        long end = world.application.position(A0);
        int before = world.application.records(A0).size();

        long generation = world.application.moved(A0, end - 10);
        world.engine.fetchAgain(A0, new Yielded(generation, FetchPosition.at(end - 10), Uuid.ZERO_UUID), world.now);
        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(before).fetchOffset()).isEqualTo(end - 10);
    }

    @Test
    void t22i14MetadataWithoutIdsTurnsTheSessionIntoOneByNameAndBack() {
        world.cluster.idsInMetadata = false;
        world.cluster.log(A0).append(1, 10, 0);
        world.run(301 * SECOND);
        assertThat(world.lastPlan(1).byTopicId()).isFalse();
        assertThat(world.lastPlan(1).kind()).isEqualTo(Kind.INCREMENTAL);

        world.cluster.idsInMetadata = true;
        world.cluster.log(A0).append(1, 10, 0);
        world.run(301 * SECOND);

        assertThat(world.lastPlan(1).byTopicId()).isTrue();
        assertThat(world.application.position(A0)).isEqualTo(1020);
        assertThat(world.application.events(EngineEvent.PositionLost.class)).isEmpty();
        assertThat(world.cluster.broker(1).sessions()).isEqualTo(1);
    }

    @Test
    void aTopicCreatedAgainWhileMetadataHadNoIdsIsNoticed() {
        world.cluster.idsInMetadata = false;
        world.run(301 * SECOND);
        world.cluster.idsInMetadata = true;
        world.cluster.recreate("a");
        world.cluster.log(A0).append(200, 10, 0);

        world.run(301 * SECOND);

        assertThat(world.application.events(EngineEvent.PositionLost.class)).isNotEmpty();
        assertThat(world.application.position(A0)).isEqualTo(2000);
    }

    @Test
    void aMetadataRefreshNeverChangesASession() {
        Map<?, ?> held = world.cluster.broker(1).held(world.lastPlan(1).sessionId());
        long requests = world.count(MetadataRequest.class);
        int session = world.lastPlan(1).sessionId();
        for (int i = 0; i < 5; i++) {
            world.engine.ask(new Question.Topics(i, Set.of("a"), false));
            world.engine.ask(new Question.Offsets(100 + i, Map.of(tp("unheard-of", i), -1L)));
            world.run(700 * MILLI);
        }

        assertThat(world.count(MetadataRequest.class)).isGreaterThan(requests + 8);
        assertThat(world.lastPlan(1).sessionId()).isEqualTo(session);
        assertThat(world.lastPlan(1).partitions()).isEmpty();
        assertThat(world.lastPlan(1).forgotten()).isEmpty();
        assertThat(world.cluster.broker(1).held(session)).isEqualTo(held);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).isEmpty();
    }
}
