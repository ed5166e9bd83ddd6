package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane says why there is nothing to read in it. */
class LanesReadinessTest {
    private final LaneWorld world = new LaneWorld();

    @BeforeEach
    void oneAssignedPartition() {
        world.assign(A);
    }

    private LaneReadiness readiness() {
        return world.lanes.readiness(A);
    }

    @Test
    void aPartitionWithoutAPositionIsUnpositioned() {
        assertThat(readiness()).isEqualTo(LaneReadiness.UNPOSITIONED);

        world.positioned(A, 5);

        assertThat(readiness()).isEqualTo(LaneReadiness.EMPTY);
    }

    @Test
    void fetchedDataIsReadyUntilItIsRead() {
        world.positioned(A, 0);
        world.records(A, 0, 2);
        assertThat(readiness()).isEqualTo(LaneReadiness.READY);

        world.poll();

        assertThat(readiness()).isEqualTo(LaneReadiness.EMPTY);
    }

    @Test
    void aPauseGoesBeforeWhateverLiesInTheLane() {
        world.positioned(A, 0);
        world.records(A, 0, 2);

        world.lanes.pause(A, true);
        assertThat(readiness()).isEqualTo(LaneReadiness.PAUSED);

        world.lanes.pause(A, false);
        assertThat(readiness()).isEqualTo(LaneReadiness.READY);
    }

    @Test
    void aFailureThatLastsHaltsAndAPassingOneIsOverOnceItIsThrown() {
        world.positioned(A, 0);
        world.failure(A, false);
        assertThat(readiness()).isEqualTo(LaneReadiness.FAILED);
        assertThatThrownBy(world::poll).isInstanceOf(KafkaException.class);
        assertThat(readiness()).isEqualTo(LaneReadiness.EMPTY);

        world.failure(A, true);
        assertThat(readiness()).isEqualTo(LaneReadiness.HALTED);
        assertThatThrownBy(world::poll).isInstanceOf(KafkaException.class);
        assertThat(readiness()).isEqualTo(LaneReadiness.HALTED);
    }

    @Test
    void aRecordThatCouldNotBeTakenIsTheReasonUntilItIsTakenOrSoughtPast() {
        world.positioned(A, 0);
        world.records(A, 0, 2);
        world.poison = "a0";
        assertThatThrownBy(world::poll).hasMessageContaining("poison");
        assertThat(readiness()).isEqualTo(LaneReadiness.RECORD_FAILED);

        world.seek(A, 1);

        assertThat(readiness()).isEqualTo(LaneReadiness.EMPTY);
    }
}
