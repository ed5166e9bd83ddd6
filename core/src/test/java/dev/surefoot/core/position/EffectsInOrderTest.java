package dev.surefoot.core.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.time.Backoff;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the engine is told to do, and in which order. */
class EffectsInOrderTest {
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final Uuid ID = new Uuid(1, 1);
    private static final Effect REROUTE = new Effect.Reroute(A0);

    private final Cluster cluster = new Cluster();
    private final Positions positions = new Positions(new Backoff(100, 1_000, new SplittableRandom(1)));
    private final PositionRepair repair = new PositionRepair(cluster, positions, new ResetStrategy.Latest());
    private final PositionLookups lookups = new PositionLookups(cluster, positions, repair, false);
    private TrackedPartition a0;

    @BeforeEach
    void oneAssignedPartition() {
        assign(new ResetStrategy.Latest());
    }

    private void assign(ResetStrategy start) {
        positions.assign(Map.of(), start);
        positions.assign(Map.of(A0, 1L), start);
        a0 = Objects.requireNonNull(positions.get(A0));
    }

    private static Effect positioned(long offset) {
        return new Effect.Deliver(new Delivery.Positioned(A0, 1, FetchPosition.at(offset), Uuid.ZERO_UUID));
    }

    @Test
    void aFoundPositionIsRoutedAndThenDelivered() {
        assertThat(repair.found(a0, FetchPosition.at(7))).containsExactly(REROUTE, positioned(7));
    }

    @Test
    void aLossIsReportedOnceAndBeforeThePositionThatReplacesIt() {
        positions.startFetching(a0, FetchPosition.at(5), ID, 3);
        assertThat(repair.outOfRange(a0, FetchPosition.at(5), 0)).containsExactly(REROUTE);

        List<Effect> found = repair.found(a0, FetchPosition.at(60));

        assertThat(found).hasSize(3);
        assertThat(found.get(0))
                .isInstanceOfSatisfying(
                        Effect.PositionLost.class,
                        lost -> assertThat(lost.what()).contains("offset 5 is out of range; goes on at offset 60"));
        assertThat(found.subList(1, 3)).containsExactly(REROUTE, positioned(60));
        assertThat(repair.found(a0, FetchPosition.at(60))).hasSize(2);
    }

    @Test
    void theSecondPositionInARowThatIsOutOfRangeBacksOff() {
        positions.startFetching(a0, FetchPosition.at(5), ID, 3);
        repair.outOfRange(a0, FetchPosition.at(5), 1_000);
        assertThat(a0.retryAtNanos()).isZero();

        repair.outOfRange(a0, FetchPosition.at(6), 1_000);

        assertThat(a0.retryAtNanos()).isGreaterThan(1_000);
    }

    @Test
    void aHaltIsDeliveredBeforeThePartitionLeavesItsSession() {
        assign(new ResetStrategy.None());

        List<Effect> effects = lookups.onTurn(0);

        assertThat(effects).hasSize(2);
        assertThat(effects.get(0))
                .isInstanceOfSatisfying(
                        Effect.Deliver.class,
                        delivered -> assertThat(delivered.delivery())
                                .isInstanceOfSatisfying(
                                        Delivery.Failure.class,
                                        failure -> assertThat(failure.lasting()).isTrue()));
        assertThat(effects.get(1)).isEqualTo(REROUTE);
        assertThat(lookups.onTurn(0)).as("once").isEmpty();
    }

    @Test
    void aLookUpWithoutALeaderWantsMetadata() {
        assertThat(lookups.onTurn(0)).containsExactly(new Effect.RefreshMetadata());
        assertThat(lookups.offsets(0, 0)).isEmpty();
    }

    @Test
    void aValidationWithoutALeaderWantsMetadata() {
        positions.seek(a0, 2, new FetchPosition(9, 2), ID, 3);

        assertThat(lookups.onTurn(0)).containsExactly(new Effect.RefreshMetadata());
        assertThat(lookups.epochs(0)).isEmpty();
    }

    private List<Effect> lookUpAnsweredWith(BrokerError error) {
        ListOffsetsQuery query =
                new ListOffsetsQuery(false, Map.of(A0, new ListOffsetsQuery.PartitionTimestamp(-1, -1)));
        ListOffsetsAnswer answer =
                new ListOffsetsAnswer(0, Map.of(A0, new ListOffsetsAnswer.PartitionOffset(error, -1, -1, -1)));
        return lookups.answered(1, query, answer, positions.sequence(), 0);
    }

    @Test
    void anErrorInALookUpIsReportedFirstAndRoutedLast() {
        positions.sendLookup(a0, Uuid.ZERO_UUID);

        List<Effect> effects = lookUpAnsweredWith(BrokerError.NOT_LEADER_OR_FOLLOWER);

        assertThat(effects).hasSize(4);
        assertThat(effects.get(0)).isInstanceOf(Effect.LookupFailed.class);
        assertThat(effects.subList(1, 4))
                .containsExactly(new Effect.ReadFromLeader(A0), new Effect.RefreshMetadata(), REROUTE);
        assertThat(lookUpAnsweredWith(BrokerError.NOT_LEADER_OR_FOLLOWER))
                .as("nothing is outstanding any more")
                .isEmpty();
    }

    @Test
    void anErrorInALookUpIsNotReportedAsOneOfAFetch() {
        positions.sendLookup(a0, Uuid.ZERO_UUID);

        List<Effect> effects = lookUpAnsweredWith(BrokerError.REQUEST_TIMED_OUT);

        assertThat(effects).hasSize(3);
        assertThat(effects.get(0)).isInstanceOf(Effect.LookupFailed.class);
        assertThat(effects.subList(1, 3)).containsExactly(new Effect.ReadFromLeader(A0), REROUTE);
    }

    @Test
    void anErrorOfAFetchThatMayPassIsReportedWithTheBrokersCodeAndCounted() {
        PartitionFaults faults = new PartitionFaults(positions, repair);
        positions.startFetching(a0, FetchPosition.at(5), ID, 3);
        for (int failures = 1; failures <= 2; failures++) {
            List<Effect> effects = faults.inFetch(
                    a0, FetchPosition.at(5), 1, false, BrokerError.UNKNOWN_SERVER_ERROR, (short) 9999, 0);

            assertThat(effects).hasSize(3);
            Effect.FetchFailed failed = (Effect.FetchFailed) effects.get(1);
            assertThat(failed.failures()).isEqualTo(failures);
            assertThat(failed.cause())
                    .hasMessageContaining("Fetching a-0 from offset 5")
                    .hasMessageContaining("error code 9999, which this version does not know");
        }
    }

    @Test
    void aLeaderOfAnotherTopicIsRefused() {
        positions.startFetching(a0, FetchPosition.at(5), ID, 3);

        assertThatThrownBy(() -> positions.leaderChanged(a0, new Uuid(1, 2), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a-0");
    }
}
