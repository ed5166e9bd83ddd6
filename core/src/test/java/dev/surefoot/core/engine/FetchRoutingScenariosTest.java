package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ResetStrategy;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** From whom partitions are fetched, how much is asked for, and when no more is asked for. */
class FetchRoutingScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);
    private static final TopicPartition A2 = tp("a", 2);
    private static final int MEBIBYTE = 1 << 20;
    private static final long SMALL_BUFFER = 400_000;

    private EngineWorld world = new EngineWorld(3);

    private List<Integer> replicasTold(TopicPartition partition) {
        return world.application.events(EngineEvent.ReadReplicaChanged.class).stream()
                .filter(changed -> changed.partition().equals(partition))
                .map(EngineEvent.ReadReplicaChanged::replica)
                .toList();
    }

    private int lastAskedFor(int nodeId) {
        List<FetchRequest> fetches = world.fetches(nodeId);
        return fetches.get(fetches.size() - 1).maxBytes();
    }

    private long metadataRequests() {
        return world.count(MetadataRequest.class);
    }

    /** A partition that broker 1 leads and broker 2 serves. */
    private ModelLog onReplica(TopicPartition partition) {
        ModelLog log = world.log(partition, 1, 10);
        log.preferredReplica = 2;
        return log;
    }

    @Test
    void theReplicaThatAPartitionIsReadFromIsToldOnce() {
        onReplica(A0);
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.run(10 * SECOND);

        assertThat(replicasTold(A0)).containsExactly(2);
    }

    @Test
    void theEndOfReadingFromAReplicaIsToldOnce() {
        ModelLog log = onReplica(A0);
        world.assign(A0);
        world.runUntilConsumed(A0);
        log.preferredReplica = -1;
        world.link.down(2);
        world.run(20 * SECOND);

        assertThat(replicasTold(A0)).containsExactly(2, -1);
        log.append(1, 10, 0);
        world.runUntilConsumed(A0);
    }

    @Test
    void aRevokedPartitionIsReadFromItsReplicaNoMore() {
        onReplica(A0);
        world.assign(A0);
        world.runUntilConsumed(A0);

        world.assign();
        world.run(SECOND);

        assertThat(replicasTold(A0)).containsExactly(2, -1);
    }

    @Test
    void aPartitionThatWasNeverReadFromAReplicaLeavesNone() {
        world.log(A0, 1, 10);
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.assign();
        world.run(SECOND);

        assertThat(replicasTold(A0)).isEmpty();
    }

    @Test
    void aBrokerThatIsLostTakesNoPartitionFromAnotherReplica() {
        onReplica(A0);
        world.log(A1, 3, 1);
        world.assign(A0, A1);
        world.run(SECOND);

        world.link.down(3);
        world.run(5 * SECOND);

        assertThat(replicasTold(A0)).containsExactly(2);
    }

    @Test
    void eachPartitionHasItsOwnTimeWithAReplica() {
        onReplica(A0);
        ModelLog later = world.log(A1, 1, 10);
        world.assign(A0, A1);
        world.run(100 * SECOND);
        later.preferredReplica = 2;
        later.append(1, 10, 0);
        world.run(SECOND);
        assertThat(replicasTold(A1)).containsExactly(2);
        world.cluster.log(A0).preferredReplica = -1;
        later.preferredReplica = -1;
        world.cluster.log(A0).frozenAt = 2;
        later.frozenAt = 2;

        world.run(210 * SECOND);
        assertThat(replicasTold(A0)).containsExactly(2, -1);
        assertThat(replicasTold(A1)).containsExactly(2);

        world.run(100 * SECOND);
        assertThat(replicasTold(A1)).containsExactly(2, -1);
    }

    @Test
    void aReplicaThatMetadataDoesNotKnowIsNotReadFrom() {
        ModelLog log = world.log(A0, 1, 10);
        log.preferredReplica = 9;
        world.assign(A0);
        world.run(20 * MILLI);
        long metadata = metadataRequests();
        int sent = world.link.sent.size();

        world.run(5 * SECOND);

        assertThat(replicasTold(A0)).isEmpty();
        assertThat(world.link.sent.size() - sent).isLessThan(40);
        assertThat(metadataRequests()).isGreaterThan(metadata);
        log.preferredReplica = -1;
        world.runUntilConsumed(A0);
    }

    @Test
    void brokersWithNothingToFetchTakeNoShare() {
        world = new EngineWorld(3, new ResetStrategy.Earliest(), SMALL_BUFFER);
        world.log(A0, 1, 1);
        world.log(A1, 2, 1);
        world.assign(A0, A1);
        world.run(SECOND);
        int halved = lastAskedFor(1);

        world.assign(A0);
        world.run(20 * SECOND);

        assertThat(lastAskedFor(1)).isEqualTo(2 * halved);
        world.assign(A0, A1);
        world.run(2 * SECOND);
        assertThat(lastAskedFor(1)).isEqualTo(halved);
    }

    @Test
    void whatAnOutstandingFetchMayBringIsSetAside() {
        world = new EngineWorld(2, new ResetStrategy.Earliest(), SMALL_BUFFER);
        world.cluster.create(A0, 1).append(200, 10, 10_000);
        ModelLog quiet = world.cluster.create(A1, 2);
        world.application.slow = true;
        world.assign(A0, A1);

        world.run(100 * MILLI);

        assertThat(world.engine.starved()).isTrue();
        assertThat(world.link.heldBytes).isPositive();
        assertThat(world.link.heldBytes + lastAskedFor(2)).isLessThanOrEqualTo(SMALL_BUFFER);
        quiet.append(10, 10, 10_000);
        world.application.consumeAll();
        world.application.slow = false;
        world.runUntilConsumed(A0);
        world.runUntilConsumed(A1);
    }

    @Test
    void aBusyApplicationIsNotRunAheadOfByMoreThanAFewAnswers() {
        world.cluster.create(A0, 1).append(40, 10, MEBIBYTE - 1_000);
        world.application.slow = true;
        world.busy = true;
        world.assign(A0);
        world.run(2 * SECOND);
        assertThat(world.engine.farAhead()).isTrue();
        assertThat(world.link.heldBytes).isBetween(7L * MEBIBYTE, 9L * MEBIBYTE);

        world.application.consumeAll();
        world.run(SECOND);
        assertThat(world.application.position(A0)).isBetween(140L, 200L);

        world.application.consumeAll();
        world.busy = false;
        world.run(SECOND);
        assertThat(world.engine.farAhead()).isFalse();
        assertThat(world.link.heldBytes).isGreaterThan(15L * MEBIBYTE);
    }

    @Test
    void theSessionOfABrokerThatIsLostAndNotNeededIsGivenUp() {
        world.log(A0, 1, 10);
        world.log(A1, 2, 10);
        world.assign(A0, A1);
        world.run(SECOND);
        world.assign(A0);
        world.link.down(2);
        world.run(20 * SECOND);
        long metadata = metadataRequests();

        world.run(60 * SECOND);

        assertThat(metadataRequests()).isEqualTo(metadata);
        world.link.up(2);
        world.assign(A0, A1);
        world.cluster.log(A1).append(1, 10, 0);
        world.runUntilConsumed(A1);
    }

    @Test
    void aBrokerThatIsLostForAWhileIsFetchedFromAgain() {
        world.log(A0, 1, 10);
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.link.down(1);
        world.run(20 * SECOND);
        world.cluster.log(A0).append(1, 10, 0);

        world.link.up(1);

        world.runUntilConsumed(A0);
    }

    @Test
    void closingEndsTheSessionsThatBrokersHoldAndNoOthers() {
        world.log(A0, 1, 10);
        world.log(A1, 2, 10);
        world.assign(A0, A1);
        world.link.connecting(2);
        world.seek(A1, 0);
        world.run(SECOND);

        List<FetchRequest> closing = world.engine.close();

        assertThat(closing).singleElement().satisfies(request -> {
            assertThat(request.nodeId()).isEqualTo(1);
            FetchRequest fetch = request;
            assertThat(fetch.plan().epoch()).isEqualTo(-1);
            assertThat(fetch.plan().partitions()).isEmpty();
        });
    }

    @Test
    void aPauseTakesAPartitionOutOfItsSessionAndAResumePutsItBack() {
        world.log(A0, 1, 10);
        world.log(A1, 1, 10);
        world.log(A2, 1, 10);
        world.assign(A0, A1, A2);
        world.run(SECOND);
        world.pause(A1);
        world.run(SECOND);
        assertThat(world.cluster.broker(1).held(world.lastPlan(1).sessionId()))
                .containsOnlyKeys(world.cluster.key(A0), world.cluster.key(A2));

        world.resume(A1);
        world.run(SECOND);

        assertThat(world.cluster.broker(1).held(world.lastPlan(1).sessionId())).hasSize(3);
    }
}
