package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.model.ModelLog;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading from a replica that the leader prefers (KIP-392), and the ways back. */
class ReplicaScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);

    private final EngineWorld world = new EngineWorld(3);
    private ModelLog log;

    @BeforeEach
    void aPartitionThatIsReadFromItsFollower() {
        log = world.log(A0, 1, 10);
        log.preferredReplica = 2;
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.run(SECOND);
        assertThat(world.fetches(2)).isNotEmpty();
    }

    private int sentWithin(long nanos) {
        int before = world.link.sent.size();
        world.run(nanos);
        return world.link.sent.size() - before;
    }

    private int fetchesOfLeader() {
        return world.fetches(1).size();
    }

    @Test
    void theLeaderIsLeftAloneWhileTheFollowerServes() {
        world.run(10 * SECOND);
        int asked = fetchesOfLeader();
        log.append(10, 10, 0);

        world.runUntilConsumed(A0);

        assertThat(fetchesOfLeader()).isEqualTo(asked);
    }

    @Test
    void aFollowerThatIsLostGivesThePartitionBackToItsLeader() {
        log.preferredReplica = -1;
        log.append(1, 10, 0);
        world.link.down(2);

        world.runUntilConsumed(A0);

        assertThat(world.cluster.broker(1).sessions()).isEqualTo(1);
    }

    @Test
    void aFollowerThatRefusesGivesThePartitionBackToItsLeader() {
        log.preferredReplica = -1;
        log.append(1, 10, 0);

        world.runUntilConsumed(A0);
    }

    @Test
    void theLeaderIsAskedAgainAfterAWhileEvenIfTheFollowerSaysNothing() {
        log.preferredReplica = -1;
        log.frozenAt = 2;
        world.run(10 * SECOND);
        int asked = fetchesOfLeader();
        world.run(280 * SECOND);
        assertThat(fetchesOfLeader()).isEqualTo(asked);
        log.append(1, 10, 0);

        world.run(20 * SECOND);

        assertThat(world.application.position(A0)).isEqualTo(log.endOffset());
    }

    @Test
    void aRevokedPartitionIsNotReadAnyMoreWhenItsFollowerIsLost() {
        TopicPartition sibling = tp("a", 1);
        TopicPartition other = tp("b", 0);
        world.log(sibling, 1, 1);
        world.log(other, 2, 1);
        world.assign(A0, sibling, other);
        world.run(SECOND);
        world.assign(sibling, other);
        world.run(SECOND);

        world.link.down(2);
        world.run(2 * SECOND);

        assertThat(world.cluster.broker(1).held(world.lastPlan(1).sessionId()))
                .containsOnlyKeys(world.cluster.key(sibling));
    }

    @Test
    void aFollowerThatLacksTheOffsetIsNotAskedForItInATightLoop() {
        world.link.outOfRangeAt(2);
        log.append(1, 10, 0);

        assertThat(sentWithin(5 * SECOND)).isLessThan(100);
        assertThat(world.application.events(EngineEvent.PositionLost.class)).isEmpty();
        log.preferredReplica = -1;
        world.run(2 * SECOND);
        assertThat(world.application.position(A0)).isEqualTo(log.endOffset());
    }

    @Test
    void aFollowerThatLacksTheOffsetDoesNotLoseThePositionWhenItsTimeExpiresBeforeItsAnswer() {
        world.run(296 * SECOND);
        world.link.outOfRangeAt(2);
        world.seek(A0, 9);
        world.link.next(request -> request.nodeId() == 2 && request instanceof FetchRequest, Fate.HELD);
        int asked = fetchesOfLeader();
        while (fetchesOfLeader() == asked) {
            world.run(MILLI);
        }

        world.link.letGo(world.now);
        world.run(2 * SECOND);

        assertThat(world.application.events(EngineEvent.PositionLost.class)).isEmpty();
        log.preferredReplica = -1;
        world.run(2 * SECOND);
        assertThat(world.application.position(A0)).isEqualTo(log.endOffset());
    }

    @Test
    void aFollowerThatCannotBeReachedIsNotTriedInATightLoop() {
        TopicPartition sibling = tp("a", 1);
        world.log(sibling, 1, 1);
        world.assign(A0, sibling);
        world.run(SECOND);
        world.link.down(2);
        log.append(1, 10, 0);

        assertThat(sentWithin(5 * SECOND)).isLessThan(100);
        world.link.up(2);
        world.run(2 * SECOND);
        assertThat(world.application.position(A0)).isEqualTo(log.endOffset());
    }

    @Test
    void aLeaderThatPrefersItselfIsNotAskedInATightLoop() {
        log.preferredReplica = -1;
        log.append(1, 10, 0);
        world.link.editFetches(answer -> world.link.preferring(answer, A0, 1));

        assertThat(sentWithin(3 * SECOND)).isLessThan(60);
        world.link.editFetches(null);
        world.runUntilConsumed(A0);
    }

    @Test
    void aLeaderHintTakesThePartitionFromItsFollowerToTheNewLeader() {
        world.cluster.leaderHints = true;
        log.preferredReplica = -1;
        log.moveTo(3);
        log.append(1, 10, 0);
        int followers = world.fetches(2).size();
        long started = world.now;

        world.runUntilConsumed(A0);

        assertThat(world.fetches(2).size() - followers)
                .as("asked once more at most")
                .isLessThanOrEqualTo(1);
        assertThat(world.now - started).isLessThan(700 * MILLI);
    }
}
