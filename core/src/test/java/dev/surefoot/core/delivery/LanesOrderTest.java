package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static dev.surefoot.core.delivery.LaneWorld.B;
import static dev.surefoot.core.delivery.LaneWorld.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Watermarks;
import java.util.List;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the application gets, in which order, and where its positions stand then. */
class LanesOrderTest {
    private final LaneWorld world = new LaneWorld().assign(A, B, C);

    @Test
    void recordsOfAPartitionComeInOrder() {
        world.seek(A, 0);
        world.records(A, 0, 3);
        world.records(A, 3, 2);

        assertThat(world.poll()).containsExactly("a0", "a1", "a2", "a3", "a4");
        assertThat(world.position(A)).isEqualTo(5);
        assertThat(world.holds()).isZero();
    }

    @Test
    void aPollCutShortGoesOnAtTheNextRecord() {
        world.seek(A, 0);
        CountedLease lease = world.records(A, 0, 3);

        assertThat(world.poll(2)).containsExactly("a0", "a1");
        assertThat(world.position(A)).isEqualTo(2);
        assertThat(lease.holds()).isEqualTo(1);
        assertThat(world.poll(2)).containsExactly("a2");
        assertThat(lease.holds()).isZero();
    }

    @Test
    void aPollForNothingTakesNothing() {
        world.seek(A, 0);
        world.records(A, 0, 1);

        assertThat(world.poll(0)).isEmpty();
        assertThat(world.position(A)).isZero();
    }

    @Test
    void partitionsTakeTurnsFromDeliveryToDelivery() {
        world.seek(A, 0);
        world.seek(B, 0);
        world.seek(C, 0);
        world.records(A, 0, 2);
        world.records(A, 2, 2);
        world.records(A, 4, 2);
        world.records(B, 0, 2);
        world.records(C, 0, 2);

        assertThat(world.poll(6)).containsExactly("a0", "a1", "b0", "b1", "c0", "c1");
        assertThat(world.poll()).containsExactly("a2", "a3", "a4", "a5");
    }

    @Test
    void aFullPartitionDoesNotKeepAnotherWaiting() {
        world.seek(A, 0);
        world.seek(B, 0);
        for (int i = 0; i < 50; i++) {
            world.records(A, i * 10L, 10);
        }
        world.records(B, 0, 1);

        assertThat(world.poll(11)).contains("b0");
    }

    @Test
    void takingMovesThePositionBehindEachRecord() {
        world.seek(A, 10);
        world.records(A, 10, 2);

        world.poll(1);
        assertThat(world.position(A)).isEqualTo(11);
        world.poll(1);
        assertThat(world.position(A)).isEqualTo(12);
    }

    @Test
    void theEndOfADeliveryMovesThePositionOverGaps() {
        world.seek(A, 0);
        world.records(A, world.generation(A), 0, 9, Batches.of(A, 4, 2));

        assertThat(world.poll()).containsExactly("a4", "a5");
        assertThat(world.position(A)).isEqualTo(9);
    }

    @Test
    void aDeliveryWithoutRecordsForTheApplicationStillMovesThePosition() {
        world.seek(A, 0);
        CountedLease lease = world.records(A, world.generation(A), 0, 1, Batches.marker(0));

        assertThat(world.poll()).isEmpty();
        assertThat(world.position(A)).isEqualTo(1);
        assertThat(lease.holds()).isZero();
    }

    @Test
    void recordsBelowThePositionArePassedOver() {
        world.seek(A, 3);
        world.records(A, world.generation(A), 3, 5, Batches.of(A, 0, 5));

        assertThat(world.poll()).containsExactly("a3", "a4");
    }

    @Test
    void thePositionCarriesTheEpochOfWhatWasTaken() {
        world.seek(A, 0);
        world.records(
                A,
                world.generation(A),
                0,
                3,
                Batches.join(
                        Batches.of(A, CompressionType.NONE, 0, 2, 4), Batches.of(A, CompressionType.NONE, 2, 1, 6)));

        world.poll(1);
        assertThat(world.lanes.position(A)).isEqualTo(new FetchPosition(1, 4));
        world.poll();
        assertThat(world.lanes.position(A)).isEqualTo(new FetchPosition(3, 6));
    }

    @Test
    void aFoundPositionTakesEffectBehindWhatCameBeforeIt() {
        world.positioned(A, 5);
        assertThat(world.position(A)).isEqualTo(5);
        world.records(A, 5, 2);
        world.positioned(A, 1);
        world.positioned(A, 2);
        world.records(A, 2, 1);

        assertThat(world.position(A)).isEqualTo(5);
        assertThat(world.poll(2)).containsExactly("a5", "a6");
        assertThat(world.position(A)).isEqualTo(7);
        assertThat(world.poll()).containsExactly("a2");
        assertThat(world.position(A)).isEqualTo(3);
    }

    @Test
    void marksAreKnownAtOnceAndHoldNothing() {
        assertThat(world.lanes.watermarks(A)).isEqualTo(Watermarks.UNKNOWN);
        world.seek(A, 0);
        world.records(A, 0, 4);
        Watermarks marks = new Watermarks(100, 90, 2);
        world.lanes.offer(new Delivery.Marks(A, world.generation(A), marks));

        assertThat(world.lanes.watermarks(A)).isEqualTo(marks);
        assertThat(world.poll()).hasSize(4);
        world.lanes.offer(new Delivery.Marks(A, world.generation(A) - 1, Watermarks.UNKNOWN));
        assertThat(world.lanes.watermarks(A)).isEqualTo(marks);
    }

    @Test
    void dataThatDoesNotBeginAtThePositionIsRefused() {
        world.seek(A, 0);
        world.records(A, 1, 1);

        assertThatThrownBy(world::poll)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a-0")
                .hasMessageContaining("bug in Surefoot");
    }

    @Test
    void aPartitionThatIsNotAssignedHasNoLane() {
        world.assign(A);

        assertThatIllegalStateException().isThrownBy(() -> world.lanes.position(B));
        assertThatIllegalStateException().isThrownBy(() -> world.lanes.seek(B, null));
        assertThatIllegalStateException().isThrownBy(() -> world.lanes.pause(B, true));
        assertThatIllegalStateException().isThrownBy(() -> world.lanes.watermarks(B));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void openBatchesOfSeveralLanesDoNotDisturbEachOther(CompressionType type) {
        for (var partition : List.of(A, B, C)) {
            world.seek(partition, 0);
            world.records(partition, world.generation(partition), 0, 40, Batches.of(partition, type, 0, 40, 0));
        }

        // A pause moves a lane to the end of the queue with its batch open.
        for (int i = 0; i < 60; i++) {
            var partition = List.of(A, B, C).get(i % 3);
            world.lanes.pause(partition, true);
            world.poll(2);
            world.lanes.pause(partition, false);
        }

        assertThat(world.taken).hasSize(120).doesNotHaveDuplicates();
        world.poll();
        assertThat(world.holds()).isZero();
    }
}
