package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static dev.surefoot.core.delivery.LaneWorld.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.junit.jupiter.api.Test;

/** When a poll throws, what it leaves as it was, and how the partition and the others go on. */
class LanesFailuresTest {
    private final LaneWorld world = new LaneWorld().assign(A, B);

    LanesFailuresTest() {
        world.seek(A, 0);
        world.seek(B, 0);
    }

    private void pollThrows(String message) {
        assertThatThrownBy(world::poll).hasMessageContaining(message);
    }

    @Test
    void aRecordThatCannotBeTakenComesAgainAndThePositionStays() {
        CountedLease lease = world.records(A, 0, 3);
        world.poison = "a1";

        assertThat(world.poll()).as("what lay before it").containsExactly("a0");
        pollThrows("poison at a1");
        pollThrows("poison at a1");
        assertThat(world.position(A)).isEqualTo(1);
        assertThat(lease.holds()).isEqualTo(1);

        world.poison = "";
        assertThat(world.poll()).containsExactly("a1", "a2");
        assertThat(lease.holds()).isZero();
    }

    @Test
    void aSeekBehindTheRecordGoesOn() {
        world.records(A, 0, 3);
        world.poison = "a0";
        pollThrows("poison at a0");

        world.seek(A, 1);
        world.records(A, world.generation(A), 1, 3, Batches.of(A, 0, 3));

        assertThat(world.poll()).containsExactly("a1", "a2");
        assertThat(world.holds()).isZero();
    }

    @Test
    void othersGoOnBesideARecordThatCannotBeTaken() {
        world.records(A, 0, 1);
        world.records(B, 0, 2);
        world.poison = "a0";

        pollThrows("poison at a0");
        assertThat(world.poll()).containsExactly("b0", "b1");
        pollThrows("poison at a0");
        world.records(B, 2, 1);
        pollThrows("poison at a0");
        assertThat(world.poll()).containsExactly("b2");
    }

    @Test
    void whatWasTakenIsNotLostWhenTheApplicationRunsIntoAnError() {
        world.records(A, 0, 3);

        int taken = world.lanes.poll(10, (partition, record) -> {
            if (record.offset() == 2) {
                throw new StackOverflowError("a value nested too deeply");
            }
        });

        assertThat(taken).isEqualTo(2);
        assertThat(world.position(A)).isEqualTo(2);
        assertThatThrownBy(() -> world.lanes.poll(10, (partition, record) -> {
                    throw new StackOverflowError("a value nested too deeply");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(world.poll()).containsExactly("a2");
    }

    @Test
    void aMalformedBatchIsNeverPassedOver() {
        CountedLease lease = world.records(
                A, world.generation(A), 0, 4, Batches.join(Batches.of(A, 0, 2), Batches.corrupt(Batches.of(A, 2, 2))));

        assertThat(world.poll()).containsExactly("a0", "a1");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(world::poll).isInstanceOf(CorruptRecordException.class);
        }
        assertThat(world.position(A)).isEqualTo(2);
        assertThat(world.lanes.yieldBlocked()).containsOnlyKeys(A);
        assertThat(lease.holds()).isZero();
    }

    @Test
    void aFailureIsThrownOnlyAfterWhatLiesBeforeItWasTaken() {
        world.records(A, 0, 2);
        KafkaException failure = world.failure(A, true);

        assertThat(world.poll()).containsExactly("a0", "a1");
        assertThatThrownBy(world::poll).isSameAs(failure);
    }

    @Test
    void aLastingFailureIsThrownAgainUntilASeek() {
        world.failure(A, true);

        pollThrows("lasting of a-0");
        pollThrows("lasting of a-0");
        world.seek(A, 4);
        assertThat(world.poll()).isEmpty();
        world.records(A, 4, 1);
        assertThat(world.poll()).containsExactly("a4");
    }

    @Test
    void aPassingFailureIsThrownOnce() {
        world.failure(A, false);

        pollThrows("passing of a-0");
        assertThat(world.poll()).isEmpty();
        assertThat(world.lanes.yieldBlocked()).isEmpty();
    }

    @Test
    void aPartitionGoesOnBehindAPassingFailure() {
        world.failure(A, false);
        world.positioned(A, 8);
        world.records(A, 8, 1);

        assertThat(world.position(A)).isZero();
        pollThrows("passing of a-0");
        assertThat(world.position(A)).isEqualTo(8);
        assertThat(world.poll()).containsExactly("a8");
    }

    @Test
    void aPassingFailureThatNobodyPolledForIsKeptOnce() {
        for (int i = 0; i < 100; i++) {
            world.failure(A, false);
        }

        pollThrows("passing of a-0");
        assertThat(world.poll()).isEmpty();
        world.failure(A, false);
        pollThrows("passing of a-0");
    }

    @Test
    void othersGoOnBesideALastingFailure() {
        world.failure(A, true);
        world.records(B, 0, 2);

        pollThrows("lasting of a-0");
        assertThat(world.poll()).containsExactly("b0", "b1");
        pollThrows("lasting of a-0");
    }

    @Test
    void aPausedPartitionWithholdsItsFailure() {
        world.failure(A, true);
        world.lanes.pause(A, true);

        assertThat(world.poll()).isEmpty();
        world.lanes.pause(A, false);
        pollThrows("lasting of a-0");
    }

    @Test
    void aFailureInPlaceOfAPositionIsThrownToWhoeverAsksForThePosition() {
        world.generations.put(A, world.lanes.seek(A, null));
        world.lanes.throwIfUnpositioned(A);
        KafkaException lasting = world.failure(A, true);

        assertThatThrownBy(() -> world.lanes.throwIfUnpositioned(A)).isSameAs(lasting);
        assertThatThrownBy(() -> world.lanes.throwIfUnpositioned(A)).isSameAs(lasting);
        world.lanes.throwIfUnpositioned(B);
    }

    @Test
    void aPassingFailureThrownToWhoeverAsksForThePositionIsNotThrownByAPollAsWell() {
        world.generations.put(A, world.lanes.seek(A, null));
        KafkaException passing = world.failure(A, false);

        assertThatThrownBy(() -> world.lanes.throwIfUnpositioned(A)).isSameAs(passing);
        world.lanes.throwIfUnpositioned(A);
        assertThat(world.poll()).isEmpty();
        world.positioned(A, 2);
        world.records(A, 2, 1);
        assertThat(world.poll()).containsExactly("a2");
    }
}
