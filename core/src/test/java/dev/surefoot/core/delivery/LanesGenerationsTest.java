package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static dev.surefoot.core.delivery.LaneWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What is dropped, and that its memory is given back, exactly once. */
class LanesGenerationsTest {
    private final LaneWorld world = new LaneWorld().assign(A, B);

    LanesGenerationsTest() {
        world.seek(A, 0);
        world.seek(B, 0);
    }

    @Test
    void aSeekInTheMiddleOfABatchDropsTheRest() {
        world.records(A, 0, 5);
        world.records(A, 5, 5);
        world.poll(2);

        world.seek(A, 100);

        assertThat(world.holds()).isZero();
        assertThat(world.poll()).isEmpty();
        assertThat(world.position(A)).isEqualTo(100);
        world.records(A, 100, 1);
        assertThat(world.poll()).containsExactly("a100");
    }

    @Test
    void dataOfAnOlderGenerationIsDropped() {
        long old = world.generation(A);
        world.seek(A, 0);

        CountedLease late = world.records(A, old, 0, 3, Batches.of(A, 0, 3));

        assertThat(late.holds()).isZero();
        assertThat(world.poll()).isEmpty();
    }

    @Test
    void positionsAndFailuresOfAnOlderGenerationAreDropped() {
        long old = world.generation(A);
        world.seek(A, 7);

        world.lanes.offer(new Delivery.Positioned(A, old, new FetchPosition(1, 1), Uuid.ZERO_UUID));
        world.lanes.offer(new Delivery.Failure(A, old, new org.apache.kafka.common.KafkaException("old"), true));

        assertThat(world.poll()).isEmpty();
        assertThat(world.position(A)).isEqualTo(7);
    }

    @Test
    void aSeekToBeFoundHasNoPositionUntilItIsFound() {
        world.generations.put(A, world.lanes.seek(A, null));
        assertThat(world.lanes.position(A)).isNull();

        world.positioned(A, 3);

        assertThat(world.position(A)).isEqualTo(3);
    }

    @Test
    void aWithheldPartitionGivesNoRecordsAndKeepsItsPosition() {
        world.records(A, 0, 5);
        world.records(B, 0, 1);
        world.poll(2);

        world.lanes.withhold(A);

        assertThat(world.poll()).containsExactly("b0");
        assertThat(world.holds()).isZero();
        assertThat(world.position(A)).isEqualTo(2);
    }

    @Test
    void aWithheldPartitionGetsThePositionThatIsLookedUp() {
        world.generations.put(A, world.lanes.seek(A, null));
        world.lanes.withhold(A);

        world.positioned(A, 3);
        world.records(A, 3, 2);

        assertThat(world.position(A)).isEqualTo(3);
        assertThat(world.poll()).isEmpty();
        world.assign(B);
        assertThat(world.holds()).isZero();
    }

    @Test
    void aRevokedPartitionGivesBackEverything() {
        world.records(A, 0, 5);
        world.records(A, 5, 5);
        world.records(B, 0, 1);
        world.poll(2);
        long old = world.generation(A);

        world.assign(B);

        assertThat(world.holds()).isEqualTo(1);
        assertThat(world.poll()).containsExactly("b0");
        CountedLease late = world.records(A, old, 0, 3, Batches.of(A, 0, 3));
        assertThat(late.holds()).isZero();
    }

    @Test
    void aPartitionAssignedAgainStartsAnew() {
        world.records(A, 0, 5);
        world.poll(2);
        long old = world.generation(A);
        world.assign(B);
        world.assign(A, B);

        assertThat(world.generation(A)).isGreaterThan(old);
        assertThat(world.lanes.position(A)).isNull();
        world.records(A, old, 2, 5, Batches.of(A, 2, 3));
        assertThat(world.poll()).isEmpty();
        assertThat(world.holds()).isZero();
    }

    @Test
    void aPartitionThatStaysKeepsItsDataAndPlace() {
        world.records(A, 0, 5);
        world.poll(2);
        long generation = world.generation(A);

        world.assign(A);

        assertThat(world.generation(A)).isEqualTo(generation);
        assertThat(world.poll()).containsExactly("a2", "a3", "a4");
    }

    @Test
    void theEmptyAssignmentGivesBackEverything() {
        world.records(A, 0, 5);
        world.records(A, 5, 5);
        world.records(B, 0, 5);
        world.poll(7);
        world.lanes.pause(B, true);

        world.assign();

        assertThat(world.holds()).isZero();
        assertThat(world.lanes.assignment()).isEmpty();
        assertThat(world.poll()).isEmpty();
    }

    @Test
    void aPauseWithholdsAndKeeps() {
        CountedLease lease = world.records(A, 0, 5);
        world.poll(2);

        world.lanes.pause(A, true);
        world.records(A, 5, 1);

        assertThat(world.lanes.paused()).isEqualTo(Set.of(A));
        assertThat(world.poll()).isEmpty();
        assertThat(lease.holds()).isEqualTo(1);
        world.lanes.pause(A, false);
        assertThat(world.lanes.paused()).isEmpty();
        assertThat(world.poll()).containsExactly("a2", "a3", "a4", "a5");
        assertThat(world.holds()).isZero();
    }

    @Test
    void aPauseOutlastsASeek() {
        world.lanes.pause(A, true);
        world.seek(A, 5);
        world.records(A, 5, 1);

        assertThat(world.poll()).isEmpty();
        world.lanes.pause(A, false);
        assertThat(world.poll()).containsExactly("a5");
    }

    @Test
    void pausingTwiceIsPausingOnce() {
        world.records(A, 0, 1);
        world.lanes.pause(A, true);
        world.lanes.pause(A, true);
        world.lanes.pause(A, false);
        world.lanes.pause(A, false);

        assertThat(world.poll()).containsExactly("a0");
    }

    @Test
    void aPausedLaneYieldsItsMemoryAndGoesOnFromTheConsumedPosition() {
        world.records(A, 0, 5);
        world.records(A, 5, 5);
        world.poll(2);
        world.lanes.pause(A, true);
        long old = world.generation(A);

        var emptied = world.lanes.yieldBlocked();

        assertThat(emptied).containsOnlyKeys(A);
        assertThat(emptied.get(A).generation()).isGreaterThan(old);
        assertThat(emptied.get(A).position()).isEqualTo(new FetchPosition(2, 0));
        assertThat(world.position(A)).isEqualTo(2);
        assertThat(world.holds()).isZero();
        emptied.forEach((partition, yielded) -> world.generations.put(partition, yielded.generation()));
        CountedLease late = world.records(A, old, 10, 11, Batches.of(A, 10, 1));
        assertThat(late.holds()).isZero();
        world.records(A, 2, 3);
        world.lanes.pause(A, false);
        assertThat(world.poll()).containsExactly("a2", "a3", "a4");
    }

    @Test
    void aPausedLaneYieldsNothingWhileAnotherHasDataForTheApplication() {
        world.records(A, 0, 5);
        world.records(B, 0, 1);
        world.lanes.pause(A, true);

        assertThat(world.lanes.yieldBlocked()).isEmpty();

        world.poll();
        assertThat(world.lanes.yieldBlocked()).containsOnlyKeys(A);
    }

    @Test
    void aStuckLaneYieldsItsMemoryAndStillComesToItsRecord() {
        world.records(A, 0, 5);
        world.poison = "a1";
        world.poll();

        var emptied = world.lanes.yieldBlocked();

        assertThat(emptied).containsOnlyKeys(A);
        assertThat(world.holds()).isZero();
        assertThat(world.position(A)).isEqualTo(1);
        world.poison = "";
        emptied.forEach((partition, yielded) -> world.generations.put(partition, yielded.generation()));
        world.records(A, 1, 2);
        assertThat(world.poll()).containsExactly("a1", "a2");
    }

    @Test
    void aLaneYieldsNothingThatCouldNotBeFetchedAgain() {
        world.records(A, 0, 5);
        world.lanes.pause(A, true);
        world.lanes.offer(new Delivery.Positioned(A, world.generation(A), new FetchPosition(0, -1), new Uuid(1, 1)));

        assertThat(world.lanes.yieldBlocked()).isEmpty();

        world.lanes.pause(A, false);
        assertThat(world.poll()).hasSize(5);
        assertThat(world.position(A)).isZero();
    }

    @Test
    void aLaneThatYieldsTellsWhichTopicOfItsNameItsPositionIsOf() {
        world.lanes.offer(new Delivery.Positioned(A, world.generation(A), new FetchPosition(0, -1), new Uuid(1, 2)));
        world.records(A, 0, 5);
        world.lanes.pause(A, true);

        assertThat(world.lanes.yieldBlocked().get(A).topicId()).isEqualTo(new Uuid(1, 2));
    }

    @Test
    void lanesThatCanGoOnYieldNothing() {
        world.records(A, 0, 5);
        world.lanes.pause(B, true);

        assertThat(world.lanes.yieldBlocked()).isEmpty();
        assertThat(world.poll()).hasSize(5);
    }
}
