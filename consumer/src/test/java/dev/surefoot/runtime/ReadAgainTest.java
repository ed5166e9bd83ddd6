package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochResponse;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer.EpochEndOffset;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.session.FetchPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

/**
 * The last step of recovery, which {@code surefoot.recovery=reset} alone takes: what is buffered of a partition is
 * dropped, and fetched again from the consumed position. The application gets each record once all the same.
 */
class ReadAgainTest {
    private static final int POLL_RECORDS = 3;

    private final LoopWorld world = new LoopWorld();
    private final Lanes lanes = new Lanes(false, true, new Decompressor(1 << 20));
    private final Polling<byte[], byte[]> polling = new Polling<>(
            lanes,
            new Intake(world.handover, lanes, new Subscriptions()),
            world.loop,
            new Waiting(world.clock, world.handover, world.loop, new Turned(), world.watch(new Turned())),
            new PlugIns<>(
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer(),
                    new Interceptors<>(List.of(), NOPLogger.NOP_LOGGER),
                    new ClusterListeners(List.of()),
                    new ConsumerMeter(new Metrics(), 0),
                    new EventLog(NOPLogger.NOP_LOGGER, "test")),
            world.clock,
            POLL_RECORDS,
            new Subscriptions(),
            null);

    private static final class Turned implements Threads.LoopOwner {
        @Override
        public void start() {}

        @Override
        public KafkaException death() {
            return null;
        }

        @Override
        public void close(long timeoutNanos) {}
    }

    private List<Byte> poll() {
        List<Byte> values = new ArrayList<>();
        polling.poll(Duration.ZERO).forEach(record -> values.add(record.value()[0]));
        return values;
    }

    private FetchRequest lastFetch() {
        world.loop.turn();
        world.loop.turn();
        return world.transport.lastSent(FetchRequest.class);
    }

    /** Ten records were fetched, of which the application has three; the next fetch waits for more. */
    private long threeOfTenAreRead() {
        lanes.assign(Set.of(LoopWorld.PARTITION));
        long generation = lanes.seek(LoopWorld.PARTITION, FetchPosition.at(0));
        world.loop.submit((engine, nowNanos) -> {
            engine.assign(Map.of(LoopWorld.PARTITION, generation), nowNanos);
            engine.seek(LoopWorld.PARTITION, generation, FetchPosition.at(0), nowNanos);
        });
        world.loop.turn();
        world.transport.answer(
                world.transport.lastSent(MetadataRequest.class), new MetadataResponse(LoopWorld.metadata()));
        world.transport.answer(lastFetch(), LoopWorld.records(0, 10, new LoopWorld.Held()));
        world.loop.turn();
        assertThat(poll()).containsExactly((byte) 0, (byte) 1, (byte) 2);
        return generation;
    }

    /** Where the partition is fetched from after its position was validated anew. */
    private long fetchedFrom() {
        FetchRequest waiting = lastFetch();
        OffsetForLeaderEpochRequest question = world.transport.lastSent(OffsetForLeaderEpochRequest.class);
        EpochEndOffset end = new EpochEndOffset(BrokerError.NONE, 0, 10);
        world.transport.answer(
                question,
                new OffsetForLeaderEpochResponse(new OffsetForLeaderEpochAnswer(0, Map.of(LoopWorld.PARTITION, end))));
        if (waiting.plan().kind() == FetchPlan.Kind.INCREMENTAL) {
            world.transport.answer(waiting, LoopWorld.records(10, 0, new LoopWorld.Held()));
        }
        return lastFetch().plan().partitions().values().iterator().next().fetchOffset();
    }

    @Test
    void whatIsBufferedIsFetchedAgainFromTheConsumedPosition() {
        long generation = threeOfTenAreRead();

        world.handover.readAgain(LoopWorld.PARTITION, generation);

        assertThat(poll()).as("what was buffered is dropped").isEmpty();
        assertThat(lanes.position(LoopWorld.PARTITION).offset())
                .as("the consumed position stays")
                .isEqualTo(3);
        assertThat(lanes.isOf(LoopWorld.PARTITION, generation)).isFalse();
        assertThat(fetchedFrom()).isEqualTo(3);
    }

    @Test
    void aPartitionThatTheApplicationHasMovedMeanwhileIsLeftAlone() {
        long generation = threeOfTenAreRead();
        world.handover.readAgain(LoopWorld.PARTITION, generation);
        long moved = lanes.seek(LoopWorld.PARTITION, FetchPosition.at(7));

        poll();

        assertThat(lanes.isOf(LoopWorld.PARTITION, moved)).isTrue();
        assertThat(lanes.position(LoopWorld.PARTITION).offset()).isEqualTo(7);
    }

    @Test
    void aPartitionThatIsNotAssignedAnyMoreIsLeftAlone() {
        long generation = threeOfTenAreRead();
        world.handover.readAgain(LoopWorld.PARTITION, generation);
        lanes.assign(Set.of());
        lanes.assign(Set.of(LoopWorld.PARTITION));
        int sent = world.transport.sent.size();

        poll();

        assertThat(lanes.position(LoopWorld.PARTITION)).isNull();
        assertThat(world.transport.sent).hasSize(sent);
    }
}
