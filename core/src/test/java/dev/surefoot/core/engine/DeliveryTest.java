package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** From an assignment to records, when nothing goes wrong. */
class DeliveryTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);

    @Test
    void everyRecordArrivesOnceAndInOrder() {
        EngineWorld world = new EngineWorld(2);
        world.log(A0, 1, 100);
        world.log(A1, 2, 100);
        world.assign(A0, A1);

        world.runUntilConsumed(A0);
        world.runUntilConsumed(A1);
        world.cluster.log(A0).append(5, 10, 0);
        world.runUntilConsumed(A0);

        assertThat(world.application.failures()).isEmpty();
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).isEmpty();
        assertThat(world.link.heldBytes).isZero();
    }

    @Test
    void anIdleConsumerKeepsToTheLongPoll() {
        EngineWorld world = new EngineWorld(1);
        world.log(A0, 1, 1);
        world.assign(A0);
        world.runUntilConsumed(A0);
        int turns = world.turns;
        int requests = world.link.sent.size();

        world.run(10 * SECOND);

        assertThat(world.link.sent.size() - requests).isBetween(18, 21);
        assertThat(world.turns - turns).isLessThan(50);
    }
}
