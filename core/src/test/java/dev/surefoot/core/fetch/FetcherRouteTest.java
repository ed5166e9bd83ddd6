package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.fetch.PartitionRoute.Cause;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A partition is in the session of one broker, or there is a reason why it is in none. */
class FetcherRouteTest {
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final Uuid ID = new Uuid(1, 1);
    private static final int LEADER = 4;
    private static final long NOW = 1_000;

    private final Cluster cluster = new Cluster();
    private final Positions positions = new Positions(backoff());
    private final Fetcher fetcher = new Fetcher(
            cluster,
            positions,
            new PositionRepair(cluster, positions, new ResetStrategy.Earliest()),
            new ByteBudget(1 << 20, 1 << 20),
            new Fetcher.Limits(1 << 20, 1_000),
            nodeId -> new VerifiedFetchSession(true, 60_000_000_000L, backoff()),
            backoff());
    private TrackedPartition a0;

    private static Backoff backoff() {
        return new Backoff(100, 1_000, new SplittableRandom(1));
    }

    @BeforeEach
    void oneAssignedPartition() {
        positions.assign(Map.of(A0, 1L), new ResetStrategy.Earliest());
        a0 = Objects.requireNonNull(positions.get(A0));
    }

    private void leaderKnown() {
        cluster.update(
                new MetadataAnswer(
                        BrokerError.NONE,
                        0,
                        "cluster",
                        List.of(new Node(LEADER, "localhost", 9092)),
                        List.of(new MetadataAnswer.TopicMetadata(
                                "a", ID, BrokerError.NONE, false, List.of(led(0), led(1))))),
                0);
    }

    private static MetadataAnswer.PartitionMetadata led(int partition) {
        return new MetadataAnswer.PartitionMetadata(
                partition, BrokerError.NONE, LEADER, 3, List.of(LEADER), List.of(LEADER), List.of());
    }

    private void fetching() {
        positions.startFetching(a0, FetchPosition.at(5), ID, 3);
    }

    private Cause cause() {
        return fetcher.routeOf(A0, NOW).cause();
    }

    @Test
    void aPartitionThatIsNotAssignedIsSaidToBeSo() {
        assertThat(fetcher.routeOf(new TopicPartition("b", 0), NOW))
                .isEqualTo(PartitionRoute.notFetched(Cause.NOT_ASSIGNED));
    }

    @Test
    void withoutAPositionTheStateIsTheReason() {
        leaderKnown();
        assertThat(cause()).isEqualTo(Cause.RESETTING);

        positions.resume(a0, new FetchPosition(5, 2), ID, 3);
        assertThat(cause()).isEqualTo(Cause.VALIDATING);

        positions.halt(a0, new PositionState.Halted(new KafkaException("no way on")));
        assertThat(cause()).isEqualTo(Cause.HALTED);
    }

    @Test
    void aPauseGoesBeforeABackOffAndThatBeforeAnUnknownLeader() {
        fetching();
        positions.backOff(a0, NOW);
        positions.pause(a0, true);
        assertThat(cause()).isEqualTo(Cause.PAUSED);

        positions.pause(a0, false);
        assertThat(fetcher.routeOf(A0, NOW)).isEqualTo(PartitionRoute.backingOff(a0.retryAtNanos()));

        assertThat(fetcher.routeOf(A0, a0.retryAtNanos()).cause()).isEqualTo(Cause.NO_LEADER);
    }

    @Test
    void aHeldPartitionLeavesItsSessionUntilTheHoldEnds() {
        leaderKnown();
        fetching();
        fetcher.route(a0, NOW);
        assertThat(fetcher.due(NOW)).containsExactly(LEADER);

        positions.hold(a0, Hold.NOT_TAKEN);
        fetcher.route(a0, NOW);
        assertThat(cause()).isEqualTo(Cause.NOT_TAKEN);
        assertThat(fetcher.due(NOW)).as("nothing is fetched").isEmpty();

        positions.hold(a0, Hold.REVOKED);
        assertThat(cause()).as("the graver reason").isEqualTo(Cause.REVOKED);

        positions.endHold(a0, Hold.REVOKED);
        positions.endHold(a0, Hold.NOT_TAKEN);
        fetcher.route(a0, NOW);
        assertThat(fetcher.due(NOW)).containsExactly(LEADER);
    }

    @Test
    void aPartitionWithoutACommittedOffsetIsNotFetched() {
        leaderKnown();
        positions.assign(Map.of(), new ResetStrategy.Earliest());
        positions.assign(Map.of(A0, 2L), AssignmentStart.inGroup());
        TrackedPartition added = Objects.requireNonNull(positions.get(A0));
        assertThat(cause()).isEqualTo(Cause.NOT_TAKEN);

        positions.endHold(added, Hold.NOT_TAKEN);
        assertThat(cause()).isEqualTo(Cause.UNPLACED);

        positions.place(added, 2, FetchPosition.at(5), ID, 3);
        assertThat(cause()).isEqualTo(Cause.FETCHED);
    }

    @Test
    void askingForTheRouteChangesNothing() {
        leaderKnown();
        fetching();

        assertThat(fetcher.routeOf(A0, NOW)).isEqualTo(PartitionRoute.fetchedFrom(LEADER));

        assertThat(fetcher.due(NOW)).as("not routed yet").isEmpty();
        assertThat(fetcher.route(a0, NOW)).isEmpty();
        assertThat(fetcher.due(NOW)).containsExactly(LEADER);
    }

    @Test
    void aPartitionWithoutALeaderWantsMetadataAndLeavesItsSession() {
        leaderKnown();
        fetching();
        fetcher.route(a0, NOW);
        cluster.retain(Set.of());

        assertThat(fetcher.route(a0, NOW)).containsExactly(new Effect.RefreshMetadata());

        assertThat(fetcher.due(NOW)).isEmpty();
    }

    @Test
    void aBrokerThatNothingWasFetchedFromHasNoPlan() {
        assertThatThrownBy(() -> fetcher.plan(9, true, true, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node 9");
    }

    @Test
    void aPartitionThatIsRoutedToItsBrokerAgainKeepsItsPlaceInTheRequest() {
        TopicPartition second = new TopicPartition("a", 1);
        positions.assign(Map.of(A0, 1L, second, 2L), new ResetStrategy.Earliest());
        TrackedPartition a1 = Objects.requireNonNull(positions.get(second));
        leaderKnown();
        fetching();
        positions.startFetching(a1, FetchPosition.at(7), ID, 3);
        fetcher.route(a0, NOW);
        fetcher.route(a1, NOW);

        fetcher.route(a0, NOW);

        assertThat(fetcher.plan(LEADER, true, true, NOW).partitions().keySet())
                .extracting(TopicIdPartition::topicPartition)
                .containsExactly(A0, second);
    }
}
