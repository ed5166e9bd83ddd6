package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.exchange.Request;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A guard that finds nothing wrong costs no request (W15). */
class IdleGuardTest {
    private static final int PARTITIONS = 1_000;
    private static final long TEN_MINUTES = 600 * SECOND;

    @Test
    void tenMinutesOfAThousandIdlePartitionsAreFetchesAndMetadataAlone() {
        EngineWorld world = new EngineWorld(1);
        TopicPartition[] partitions = new TopicPartition[PARTITIONS];
        for (int i = 0; i < PARTITIONS; i++) {
            partitions[i] = tp("a", i);
            world.log(partitions[i], 1, i % 2);
        }
        world.assign(partitions);
        world.run(10 * SECOND);
        int before = world.link.sent.size();

        world.run(TEN_MINUTES);

        List<Request<?>> sent = world.link.sent.subList(before, world.link.sent.size());
        assertThat(sent).allMatch(request -> request instanceof FetchRequest || request instanceof MetadataRequest);
        long named = 0;
        long fetches = 0;
        for (Request<?> request : sent) {
            if (request instanceof FetchRequest fetch) {
                fetches++;
                named += fetch.plan().partitions().size()
                        + fetch.plan().forgotten().size();
            }
        }
        // Each partition is forgotten and added again once in an audit's minute; in full fetches all would be named.
        assertThat(named).isBetween(1L, fetches * PARTITIONS / 50);
        assertThat(world.engine.guard().ladders().takeSteps()).isEmpty();
    }
}
