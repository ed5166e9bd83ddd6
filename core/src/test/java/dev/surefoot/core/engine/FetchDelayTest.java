package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchDelay.Reason;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.position.ResetStrategy;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A broker that is due for a fetch and is not sent one has a reason, which the engine tells. */
class FetchDelayTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);
    private static final int BATCH = 10_000;

    private final EngineWorld world = new EngineWorld(2, new ResetStrategy.Earliest(), 400_000);

    private void readBothBrokers(int batches) {
        world.cluster.create(A0, 1).append(batches, 10, BATCH);
        world.cluster.create(A1, 2).append(batches, 10, BATCH);
        world.assign(A0, A1);
        world.run(100 * MILLI);
    }

    @Test
    void whoeverIsSentAFetchHasNoReason() {
        readBothBrokers(1);
        world.run(SECOND);

        assertThat(world.engine.fetchDelays()).isEmpty();
        assertThat(world.engine.starved()).isFalse();
        assertThat(world.engine.farAhead()).isFalse();
    }

    @Test
    void memoryThatHasRunOutIsTheReasonOfAllThatAreDue() {
        world.application.slow = true;
        readBothBrokers(200);
        world.run(3 * SECOND);

        assertThat(world.engine.fetchDelays().keySet()).containsExactlyInAnyOrder(1, 2);
        assertThat(world.engine.fetchDelays().values())
                .extracting(FetchDelay::reason)
                .containsOnly(Reason.NO_MEMORY);
        assertThat(world.engine.starved()).isTrue();
    }

    @Test
    void dataThatIsUnreadIsAReasonWhileTheApplicationHasSomethingToRead() {
        EngineWorld roomy = new EngineWorld(1, new ResetStrategy.Earliest(), 64 << 20);
        roomy.application.slow = true;
        roomy.busy = true;
        roomy.cluster.create(A0, 1).append(2_000, 10, BATCH);
        roomy.assign(A0);
        roomy.run(SECOND);

        assertThat(roomy.engine.fetchDelays()).containsExactly(Map.entry(1, FetchDelay.FAR_AHEAD));
        assertThat(roomy.engine.farAhead()).isTrue();
        assertThat(roomy.engine.starved()).isFalse();

        roomy.busy = false;
        roomy.turn();
        assertThat(roomy.engine.fetchDelays()).isEmpty();
    }

    @Test
    void aConnectionThatTakesNothingYetSaysWhatItWaitsFor() {
        Readiness throttled = new Readiness.NotYet(Readiness.Cause.THROTTLED, 5 * SECOND);
        readBothBrokers(1);
        world.link.state(1, throttled);
        world.run(SECOND);

        assertThat(world.engine.fetchDelays().get(1)).isEqualTo(new FetchDelay(Reason.LINK_NOT_READY, throttled));
        assertThat(world.engine.fetchDelays()).doesNotContainKey(2);
    }

    @Test
    void aBrokerThatCannotBeReachedSaysWhy() {
        readBothBrokers(1);
        world.link.down(1);
        world.run(SECOND);

        assertThat(world.engine.fetchDelays().get(1))
                .isEqualTo(new FetchDelay(Reason.LINK_FAILED, new Readiness.Failed(ScriptedLink.DISCONNECTED)));
    }

    @Test
    void aFetchThatTheConnectionDidNotTakeIsOneOfTheReasons() {
        readBothBrokers(1);
        world.link.next(request -> request instanceof FetchRequest && request.nodeId() == 1, ScriptedLink.Fate.REFUSED);
        world.cluster.log(A0).append(1, 10, 0);
        long end = world.now + SECOND;
        boolean refused = false;
        while (!refused && world.now < end) {
            world.run(MILLI);
            FetchDelay delay = world.engine.fetchDelays().get(1);
            refused = delay != null && delay.reason() == Reason.NOT_TAKEN;
        }
        assertThat(refused).isTrue();

        world.run(SECOND);
        assertThat(world.engine.fetchDelays()).isEmpty();
    }
}
