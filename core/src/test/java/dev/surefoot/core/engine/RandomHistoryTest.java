package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ResetStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of a whole engine among faulty brokers (T25). Deliveries are checked one by one as they arrive; once
 * the faults stop, every assigned partition has to be read to its end, and all memory to be given back.
 */
class RandomHistoryTest {
    private static final int STEPS = 1_500;
    private static final int BROKERS = 3;
    private static final BrokerError[] ERRORS = {
        BrokerError.NOT_LEADER_OR_FOLLOWER,
        BrokerError.UNKNOWN_TOPIC_OR_PARTITION,
        BrokerError.OFFSET_NOT_AVAILABLE,
        BrokerError.UNKNOWN_SERVER_ERROR
    };

    private final EngineWorld world = new EngineWorld(BROKERS, new ResetStrategy.Earliest(), 2 << 20);
    private final List<TopicPartition> partitions = new ArrayList<>();
    private SplittableRandom random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void t25EveryPartitionIsReadWithoutGapsAndToItsEndOnceFaultsStop(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < 12; i++) {
            TopicPartition partition = tp("t" + i % 3, i / 3);
            partitions.add(partition);
            world.log(partition, 1 + i % BROKERS, 20);
        }
        world.assign(partitions.toArray(new TopicPartition[0]));
        int step = 0;
        try {
            for (; step < STEPS; step++) {
                step();
                world.run(random.nextLong(60 * MILLI));
            }
            heal();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step, e);
        }
        assertThat(world.link.heldBytes).as("memory still held, seed %d", seed).isZero();
    }

    private void step() {
        switch (random.nextInt(22)) {
            case 0 -> world.link.next(FetchRequest.class::isInstance, fate());
            case 1 -> world.link.next(request -> true, fate());
            case 2 -> world.link.letGo(world.now);
            case 3 -> world.cluster.broker(broker()).evictAll();
            case 4 -> world.cluster.broker(broker()).throttleNext();
            case 5 -> world.cluster.broker(broker()).slots(random.nextInt(2));
            case 6 ->
                world.link.editNextFetch(answer -> {
                    answer.lease().release();
                    return ModelAnswers.refused(BrokerError.INVALID_FETCH_SESSION_EPOCH);
                });
            case 7 -> world.link.down(broker());
            case 8 -> world.link.connecting(broker());
            case 9, 10 -> world.link.up(broker());
            case 11 -> log().moveTo(broker());
            case 12 -> world.cluster.fail(partition(), ERRORS[random.nextInt(ERRORS.length)]);
            case 13 -> partitions.forEach(partition -> world.cluster.fail(partition, BrokerError.NONE));
            case 14 -> seek();
            case 15 -> world.pause(partition());
            case 16 -> world.engine.pause(partitions, false, world.now);
            case 17 -> assign();
            case 18 -> world.cluster.leaderHints = random.nextBoolean();
            case 19 -> log().preferredReplica = random.nextBoolean() ? broker() : -1;
            case 20 -> slowness();
            default -> log().append(1 + random.nextInt(5), 10, random.nextInt(20_000));
        }
    }

    private Fate fate() {
        return Fate.values()[1 + random.nextInt(Fate.values().length - 1)];
    }

    private int broker() {
        return 1 + random.nextInt(BROKERS);
    }

    private TopicPartition partition() {
        return partitions.get(random.nextInt(partitions.size()));
    }

    private ModelLog log() {
        return world.cluster.log(partition());
    }

    private void seek() {
        TopicPartition partition = partition();
        if (!world.application.generations().containsKey(partition)) {
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> world.seek(partition, new ResetStrategy.Earliest());
            case 1 -> world.seek(partition, new ResetStrategy.Latest());
            default -> {
                // Batches are of ten records, so that reading begins where it was asked to.
                long batches = world.cluster.log(partition).endOffset() / 10;
                world.seek(partition, 10 * random.nextLong(batches + 1));
            }
        }
    }

    private void assign() {
        List<TopicPartition> some = new ArrayList<>(partitions);
        some.removeIf(partition -> random.nextInt(4) == 0);
        world.assign(some.toArray(new TopicPartition[0]));
    }

    private void slowness() {
        world.application.slow = random.nextBoolean();
        world.application.consumeAll();
    }

    private void heal() {
        world.link.heal(world.now);
        world.application.slow = false;
        world.application.consumeAll();
        world.cluster.brokerIds().forEach(id -> world.cluster.broker(id).slots(5));
        partitions.forEach(partition -> {
            world.cluster.fail(partition, BrokerError.NONE);
            world.cluster.log(partition).append(1, 10, 0);
        });
        world.assign(partitions.toArray(new TopicPartition[0]));
        world.engine.pause(partitions, false, world.now);
        partitions.forEach(world::runUntilConsumed);
        world.run(SECOND);
        assertThat(world.application.failures()).isEmpty();
        assertThat(world.application.events(EngineEvent.Raised.class)).isEmpty();
    }
}
