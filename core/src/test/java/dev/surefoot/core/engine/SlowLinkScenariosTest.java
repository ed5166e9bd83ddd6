package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** A broker whose answers do not arrive in time is asked for less; the others are asked as before. */
class SlowLinkScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition B0 = tp("b", 0);

    private final EngineWorld world = new EngineWorld(2);

    private static RequestFailure timedOutAfter(long arrivedBytes) {
        return new RequestFailure(RequestFailure.Reason.NO_ANSWER, new TimeoutException("late"), arrivedBytes);
    }

    private int lastAsked(int nodeId) {
        List<FetchRequest> fetches = world.fetches(nodeId);
        return fetches.get(fetches.size() - 1).maxBytes();
    }

    @Test
    void whatIsAskedForFollowsWhatArrivedAndTheEventSaysSo() {
        world.log(A0, 1, 100);
        world.log(B0, 2, 100);
        world.assign(A0, B0);
        world.link.failNextFetch(1, timedOutAfter(1_000_000));
        world.runUntilConsumed(A0);
        world.runUntilConsumed(B0);

        assertThat(world.application.events(EngineEvent.LinkTooSlow.class))
                .singleElement()
                .satisfies(slow -> {
                    assertThat(slow.nodeId()).isEqualTo(1);
                    assertThat(slow.arrivedBytes()).isEqualTo(1_000_000);
                    assertThat(slow.nextBytes()).isEqualTo(500_000);
                    assertThat(slow.inARow()).isEqualTo(1);
                });
        assertThat(lastAsked(1)).isEqualTo(500_000);
        assertThat(lastAsked(2)).isGreaterThan(1 << 20);
    }

    @Test
    void aTimeoutWithoutAByteChangesNothing() {
        world.log(A0, 1, 100);
        world.assign(A0);
        world.link.failNextFetch(1, timedOutAfter(0));
        world.runUntilConsumed(A0);
        world.run(SECOND);

        assertThat(world.application.events(EngineEvent.LinkTooSlow.class)).isEmpty();
        assertThat(lastAsked(1)).isGreaterThan(1 << 20);
    }
}
