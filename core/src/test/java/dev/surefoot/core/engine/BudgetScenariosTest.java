package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.position.ResetStrategy;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The bound on fetched bytes that the application has not consumed yet. */
class BudgetScenariosTest {
    private static final int BATCH = 10_000;
    private static final long BUFFER = 400_000;

    private final EngineWorld world = new EngineWorld(4, new ResetStrategy.Earliest(), BUFFER);
    private final List<TopicPartition> partitions = new ArrayList<>();

    private void onePartitionOnEachBroker(int brokers) {
        for (int i = 0; i < brokers; i++) {
            TopicPartition partition = tp("a", i);
            world.cluster.create(partition, i + 1).append(200, 10, BATCH);
            partitions.add(partition);
        }
        world.assign(partitions.toArray(new TopicPartition[0]));
    }

    @Test
    void fetchingStopsAtTheBoundAndGoesOnWithoutLossOnceTheApplicationConsumes() {
        onePartitionOnEachBroker(1);
        world.application.slow = true;
        world.run(3 * SECOND);
        assertThat(world.engine.starved()).isTrue();
        assertThat(world.link.heldBytes).isBetween(BUFFER / 3, BUFFER + BATCH);
        int sent = world.link.sent.size();
        world.run(3 * SECOND);
        assertThat(world.link.sent).hasSize(sent);

        world.application.consumeAll();
        world.turn();
        assertThat(world.engine.starved()).isFalse();
        world.application.slow = false;

        world.runUntilConsumed(partitions.get(0));
    }

    @Test
    void brokersShareTheBoundFairly() {
        onePartitionOnEachBroker(4);
        world.application.slow = true;
        for (int round = 0; round < 12; round++) {
            world.run(SECOND);
            world.application.consumeAll();
        }

        for (TopicPartition partition : partitions) {
            assertThat(world.application.position(partition))
                    .as("%s", partition)
                    .isBetween(150L, 2000L);
        }
        long least =
                partitions.stream().mapToLong(world.application::position).min().orElseThrow();
        long most =
                partitions.stream().mapToLong(world.application::position).max().orElseThrow();
        assertThat(least * 3).isGreaterThan(most);
    }

    @Test
    void aBrokerThatWaitsForDataOfNobodyAnyMoreKeepsNobodyElseWaiting() {
        TopicPartition quiet = tp("quiet", 0);
        TopicPartition busy = tp("busy", 0);
        TopicPartition late = tp("late", 0);
        world.cluster.create(quiet, 3);
        world.cluster.create(busy, 1).append(200, 10, BATCH);
        world.cluster.create(late, 2).append(200, 10, BATCH);
        world.assign(quiet, busy);
        world.run(20 * EngineWorld.MILLI);

        world.assign(busy, late);
        world.run(100 * EngineWorld.MILLI);

        assertThat(world.application.position(late)).isPositive();
    }

    @Test
    void i6WhatAFailedFetchHadReservedIsGivenBack() {
        onePartitionOnEachBroker(1);
        for (int i = 0; i < 20; i++) {
            world.link.next(
                    FetchRequest.class::isInstance,
                    i % 2 == 0 ? ScriptedLink.Fate.ANSWER_LOST : ScriptedLink.Fate.REQUEST_LOST);
        }

        world.runUntilConsumed(partitions.get(0));

        assertThat(world.link.heldBytes).isZero();
    }

    @Test
    void t24EachOfManyPartitionsWithDataIsServedWithinOneRound() {
        for (int i = 0; i < 10; i++) {
            TopicPartition partition = tp("a", i);
            world.cluster.create(partition, 1).append(100, 10, 300_000);
            partitions.add(partition);
        }
        world.assign(partitions.toArray(new TopicPartition[0]));
        int rounds = 0;
        while (partitions.stream()
                .anyMatch(partition -> world.application.records(partition).isEmpty())) {
            assertThat(++rounds).as("fetches until each had its turn").isLessThan(300);
            world.run(EngineWorld.MILLI);
        }

        assertThat(world.fetches(1)).hasSizeLessThan(15);
    }
}
