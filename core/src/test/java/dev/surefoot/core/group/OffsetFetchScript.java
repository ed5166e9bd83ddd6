package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.CommitWorld.Sent;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;

/** A consumer that looks up committed offsets, and what its scripted coordinator answers. */
class OffsetFetchScript {
    static final PositionState UNPLACED = new PositionState.Unplaced();
    static final PositionState RESET = new PositionState.Resetting(new ResetStrategy.Earliest());
    static final Found NOTHING = new Found(BrokerError.NONE, (short) 0, -1, -1, "");

    final CommitWorld world = new CommitWorld(GroupSettings.Protocol.CONSUMER);

    @BeforeEach
    void coordinatorIsKnown() {
        world.coordinator.need();
        world.turn();
    }

    void assign(Map<TopicPartition, Long> generations) {
        world.positions.assign(generations, AssignmentStart.inGroup());
    }

    PositionState state(TopicPartition partition) {
        return partition(partition).state();
    }

    TrackedPartition partition(TopicPartition partition) {
        return Objects.requireNonNull(world.positions.get(partition));
    }

    static Found at(long offset) {
        return new Found(BrokerError.NONE, (short) 0, offset, -1, "");
    }

    static Found error(BrokerError error) {
        return new Found(error, error.code(), -1, -1, null);
    }

    OffsetFetchRequest request() {
        assertThat(world.wire).hasSize(1);
        return (OffsetFetchRequest) world.wire.get(0).request();
    }

    void answer(Map<TopicPartition, Found> found) {
        answer(world.wire.get(0), found);
    }

    void answer(Sent sent, Map<TopicPartition, Found> found) {
        world.answer(sent, new OffsetFetchResponse(0, BrokerError.NONE, (short) 0, found));
    }

    void answerGroup(BrokerError error) {
        world.answer(world.wire.get(0), new OffsetFetchResponse(0, error, error.code(), Map.of()));
    }

    List<KafkaException> raised() {
        return world.positionEffects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery())
                .filter(Delivery.Failure.class::isInstance)
                .map(delivery -> ((Delivery.Failure) delivery).cause())
                .toList();
    }
}
