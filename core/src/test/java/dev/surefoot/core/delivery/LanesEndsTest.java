package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static dev.surefoot.core.delivery.LaneWorld.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Watermarks;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;

/** The ends of things: of a delivery, of a generation, of a turn, and of what waits. */
class LanesEndsTest {
    private final LaneWorld world = new LaneWorld().assign(A, B);

    LanesEndsTest() {
        world.seek(A, 0);
        world.seek(B, 0);
    }

    @Test
    void aLaneKeepsItsTurnUntilItsDeliveryIsRead() {
        world.records(A, 0, 3);
        world.records(B, 0, 3);

        assertThat(world.poll(1)).containsExactly("a0");
        assertThat(world.poll(1)).containsExactly("a1");
        assertThat(world.lanes.takeAdvanced()).as("read to the end").isEmpty();
        assertThat(world.poll(2)).containsExactly("a2", "b0");
        assertThat(world.lanes.takeAdvanced()).containsExactly(A);
    }

    @Test
    void whatHasAdvancedIsToldOnce() {
        world.records(A, 0, 3);
        world.poll();

        assertThat(world.lanes.takeAdvanced()).containsExactly(A);
        assertThat(world.lanes.takeAdvanced()).isEmpty();
    }

    @Test
    void memoryComesBackWithTheLastRecordThoughMoreRecordsWaitBehind() {
        world.records(A, 0, 3);
        world.records(A, 3, 3);

        world.poll(3);

        assertThat(world.holds()).isEqualTo(1);
        assertThat(world.position(A)).isEqualTo(3);
    }

    @Test
    void aNewPositionBehindTheLastRecordTakesEffectWithTheNextPoll() {
        world.records(A, 0, 3);
        world.positioned(A, 50);

        world.poll(3);
        assertThat(world.position(A)).isEqualTo(3);

        world.poll();
        assertThat(world.position(A)).isEqualTo(50);
        assertThat(world.holds()).isZero();
    }

    @Test
    void theEndOfADeliveryBringsTheEpochOfItsLastBatch() {
        world.records(A, world.generation(A), 0, 1, Batches.marker(0));

        world.poll();

        assertThat(world.lanes.position(A)).isEqualTo(new FetchPosition(1, 0));
    }

    @Test
    void aBatchWithoutAnEpochLeavesTheEpochAsItWas() {
        world.records(A, world.generation(A), 0, 2, Batches.of(A, CompressionType.NONE, 0, 2, 4));
        world.records(A, world.generation(A), 2, 4, Batches.of(A, CompressionType.NONE, 2, 2, -1));

        world.poll(3);
        assertThat(world.lanes.position(A)).isEqualTo(new FetchPosition(3, 4));

        world.poll();
        assertThat(world.lanes.position(A)).isEqualTo(new FetchPosition(4, 4));
    }

    @Test
    void aGenerationNeverComesAgain() {
        world.assign(A);
        long first = world.generation(A);
        world.assign();
        world.assign(A);
        long second = world.generation(A);
        world.assign();
        world.assign(A);

        assertThat(world.generation(A)).isGreaterThan(second);
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void dataThatDoesNotBeginAtThePositionIsRefusedWithBothOffsets() {
        world.seek(A, 7);
        world.records(A, 8, 1);
        assertThatThrownBy(world::poll).hasMessageContaining("from 8").hasMessageContaining("position was 7");

        LaneWorld unpositioned = new LaneWorld().assign(A);
        unpositioned.records(A, 0, 1);
        assertThatThrownBy(unpositioned::poll)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("position was not known");
    }

    @Test
    void whoeverAsksForAPositionThatIsKnownMeetsNoFailureBehindIt() {
        KafkaException failure = world.failure(A, false);

        assertThatCode(() -> world.lanes.throwIfUnpositioned(A)).doesNotThrowAnyException();
        assertThatThrownBy(world::poll).isSameAs(failure);
    }

    @Test
    void nothingThatComesForAPartitionThatIsRevokedHasAnEffect() {
        long generation = world.generation(B);
        world.assign(A);
        world.lanes.offer(new Delivery.Marks(B, generation, Watermarks.UNKNOWN));
        world.lanes.offer(new Delivery.Positioned(B, generation, FetchPosition.at(3), Uuid.ZERO_UUID));
        world.lanes.offer(new Delivery.Failure(B, generation, new KafkaException("late"), true));

        assertThat(world.poll()).isEmpty();
        assertThat(world.lanes.assignment()).containsExactly(A);
    }

    @Test
    void aPausedLaneWithNothingInItYieldsNothing() {
        world.lanes.pause(A, true);
        long generation = world.generation(A);

        assertThat(world.lanes.yieldBlocked()).isEmpty();
        world.records(A, generation, 0, 3, Batches.of(A, 0, 3));
        world.lanes.pause(A, false);

        assertThat(world.poll()).hasSize(3);
    }

    @Test
    void aPausedLaneYieldsWhileAnotherOnlyHasAFailure() {
        world.records(A, 0, 3);
        world.lanes.pause(A, true);
        world.failure(B, true);

        assertThat(world.lanes.yieldBlocked()).containsOnlyKeys(A);
        assertThat(world.holds()).isZero();
    }
}
