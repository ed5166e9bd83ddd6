package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.guard.Wish;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.session.FetchPlan;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each step of recovery does to the next requests, and that records go on coming after it. */
class RecoveryLeversTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);

    private final EngineWorld world = new EngineWorld(2);
    private ModelLog log;
    private int fetchesBefore;

    @BeforeEach
    void aSessionWithTwoPartitions() {
        log = world.log(A0, 1, 10);
        world.log(A1, 1, 10);
        world.assign(A0, A1);
        world.runUntilConsumed(A0);
        world.runUntilConsumed(A1);
        world.run(SECOND);
        fetchesBefore = world.fetches(1).size();
    }

    private void carryOut(Wish.Kind kind, TopicPartition... partitions) {
        world.engine.recovery().carryOut(new Wish(kind, 1, List.of(partitions)), world.link, world.now);
    }

    private List<FetchPlan> plansSince() {
        List<FetchPlan> plans = world.fetches(1).stream()
                .map(fetch -> fetch.plan())
                .skip(fetchesBefore)
                .toList();
        fetchesBefore += plans.size();
        return plans;
    }

    private void recordsGoOnComing() {
        log.append(3, 10, 0);
        world.runUntilConsumed(A0);
        world.run(SECOND);
        assertThat(world.cluster.broker(1).sessions()).isLessThanOrEqualTo(1);
    }

    @Test
    void aPartitionIsAnnouncedAnew() {
        carryOut(Wish.Kind.REANNOUNCE, A0);
        world.run(3 * SECOND);

        List<FetchPlan> plans = plansSince();
        assertThat(plans).allMatch(plan -> plan.kind() == FetchPlan.Kind.INCREMENTAL);
        assertThat(plans.stream().flatMap(plan -> plan.forgotten().stream())).containsExactly(world.cluster.key(A0));
        assertThat(plans.stream().flatMap(plan -> plan.partitions().keySet().stream()))
                .containsExactly(world.cluster.key(A0));
        recordsGoOnComing();
    }

    @Test
    void aSessionIsOpenedAnew() {
        carryOut(Wish.Kind.REOPEN);
        world.run(3 * SECOND);

        assertThat(plansSince().stream().filter(plan -> plan.kind() == FetchPlan.Kind.FULL))
                .singleElement()
                .satisfies(plan -> assertThat(plan.partitions()).hasSize(2));
        recordsGoOnComing();
    }

    @Test
    void aHandlerIsReplacedAndItsSessionClosed() {
        carryOut(Wish.Kind.REPLACE);
        world.run(3 * SECOND);

        assertThat(plansSince().stream().filter(plan -> plan.kind() == FetchPlan.Kind.FULL && plan.epoch() == 0))
                .singleElement()
                .satisfies(plan -> assertThat(plan.partitions()).hasSize(2));
        recordsGoOnComing();
        assertThat(world.cluster.broker(1).sessions()).isEqualTo(1);
    }

    @Test
    void sessionsAreLeftAndUsedAgain() {
        carryOut(Wish.Kind.LEAVE_SESSIONS);
        world.run(3 * SECOND);
        plansSince();
        recordsGoOnComing();

        assertThat(plansSince())
                .isNotEmpty()
                .allMatch(plan -> plan.kind() == FetchPlan.Kind.SESSIONLESS
                        && plan.partitions().size() == 2);
        assertThat(world.cluster.broker(1).sessions()).isZero();

        carryOut(Wish.Kind.USE_SESSIONS);
        recordsGoOnComing();

        assertThat(plansSince()).anyMatch(plan -> plan.kind() == FetchPlan.Kind.INCREMENTAL);
        assertThat(world.cluster.broker(1).sessions()).isEqualTo(1);
    }

    @Test
    void aStepForABrokerThatIsNotFetchedFromDoesNothing() {
        for (Wish.Kind kind : List.of(Wish.Kind.REANNOUNCE, Wish.Kind.REOPEN, Wish.Kind.REPLACE)) {
            world.engine.recovery().carryOut(new Wish(kind, 2, List.of(A0)), world.link, world.now);
        }
        world.run(3 * SECOND);

        assertThat(world.fetches(2)).isEmpty();
        assertThat(plansSince()).allMatch(plan -> plan.kind() == FetchPlan.Kind.INCREMENTAL);
    }

    @Test
    void metadataIsAskedForAndThePartitionReadFromItsLeader() {
        log.preferredReplica = 2;
        log.append(1, 10, 0);
        world.run(2 * SECOND);
        assertThat(world.fetches(2)).isNotEmpty();
        log.frozenAt = 2;
        log.append(1, 10, 0);
        world.run(2 * SECOND);
        assertThat(world.application.position(A0)).isLessThan(log.endOffset());
        long metadataBefore = world.count(MetadataRequest.class);
        long validatedBefore = world.count(OffsetForLeaderEpochRequest.class);

        carryOut(Wish.Kind.REFRESH, A0);
        world.run(2 * SECOND);

        assertThat(world.count(MetadataRequest.class)).isEqualTo(metadataBefore + 1);
        assertThat(world.count(OffsetForLeaderEpochRequest.class)).isEqualTo(validatedBefore + 1);
        assertThat(world.application.position(A0)).isEqualTo(log.endOffset());
    }

    private long readsOfReplica() {
        return world.fetches(2).stream()
                .filter(fetch -> fetch.plan().kind() != FetchPlan.Kind.CLOSE)
                .count();
    }

    @Test
    void theLeaderThatIsReadInsteadNamesTheReplicaAgainAfterAWhile() {
        log.preferredReplica = 2;
        log.append(1, 10, 0);
        world.run(2 * SECOND);
        carryOut(Wish.Kind.REFRESH, A0);
        world.run(10 * SECOND); // the replica's session still forgets the partition
        long ofReplica = readsOfReplica();

        world.run(270 * SECOND);
        assertThat(readsOfReplica()).isEqualTo(ofReplica);

        world.run(30 * SECOND);
        assertThat(readsOfReplica()).isGreaterThan(ofReplica);
    }

    @Test
    void theConnectionForFetchesIsMadeAnew() {
        carryOut(Wish.Kind.RECONNECT);

        assertThat(world.link.reconnected).containsExactly(1);
        world.run(SECOND);
        recordsGoOnComing();
        assertThat(plansSince().get(0).kind())
                .as("what the lost answer said is not known, so the session is opened anew")
                .isEqualTo(FetchPlan.Kind.FULL);
    }

    @Test
    void aDamagedBatchIsFetchedAgainOverANewConnection() {
        long generation = world.application.moved(A0, 40);
        world.engine.fetchAgain(A0, new Yielded(generation, FetchPosition.at(40), Uuid.ZERO_UUID, true), world.now);
        assertThat(world.link.reconnected).as("in the next turn").isEmpty();

        world.turn();
        assertThat(world.link.reconnected).containsExactly(1);
        world.runUntilConsumed(A0);
        world.run(3 * SECOND);
        assertThat(world.link.reconnected).as("once").containsExactly(1);
    }

    @Test
    void whatIsOnlyYieldedIsFetchedAgainOverTheSameConnection() {
        long generation = world.application.moved(A0, 40);
        world.engine.fetchAgain(A0, new Yielded(generation, FetchPosition.at(40), Uuid.ZERO_UUID), world.now);
        world.runUntilConsumed(A0);

        assertThat(world.link.reconnected).isEmpty();
    }

    @Test
    void theApplicationIsToldToReadAgainFromItsPosition() {
        carryOut(Wish.Kind.RESET, A0, tp("unassigned", 0));
        world.run(10 * MILLI);

        assertThat(world.application.events(EngineEvent.ReadAgain.class))
                .containsExactly(new EngineEvent.ReadAgain(
                        A0, world.application.generations().get(A0)));
    }
}
