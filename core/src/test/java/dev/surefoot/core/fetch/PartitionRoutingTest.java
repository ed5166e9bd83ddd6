package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A partition that its leader has sent to a replica (KIP-392) is read from there while metadata knows the replica. */
class PartitionRoutingTest {
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final Uuid ID = new Uuid(1, 1);
    private static final int LEADER = 4;
    private static final int REPLICA = 7;
    private static final long UNTIL = 1_000;

    private final Cluster cluster = new Cluster();
    private final Positions positions = new Positions(backoff());
    private final ReadReplicas replicas = new ReadReplicas();
    private final PartitionRouting routing = new PartitionRouting(
            cluster,
            new FetchedBrokers(
                    nodeId -> new VerifiedFetchSession(true, 60_000_000_000L, backoff()),
                    new ByteBudget(1 << 20, 1 << 20)),
            replicas,
            1 << 20);
    private TrackedPartition a0;

    private static Backoff backoff() {
        return new Backoff(100, 1_000, new SplittableRandom(1));
    }

    private void metadataKnows(int... brokers) {
        MetadataAnswer.PartitionMetadata partition = new MetadataAnswer.PartitionMetadata(
                0, BrokerError.NONE, LEADER, 3, List.of(LEADER, REPLICA), List.of(LEADER, REPLICA), List.of());
        cluster.update(
                new MetadataAnswer(
                        BrokerError.NONE,
                        0,
                        "cluster",
                        IntStream.of(brokers)
                                .mapToObj(id -> new Node(id, "localhost", 9092))
                                .toList(),
                        List.of(new MetadataAnswer.TopicMetadata(
                                "a", ID, BrokerError.NONE, false, List.of(partition)))),
                0);
    }

    @BeforeEach
    void aPartitionThatIsSentToAReplica() {
        positions.assign(Map.of(A0, 1L), new ResetStrategy.Earliest());
        a0 = Objects.requireNonNull(positions.get(A0));
        positions.startFetching(a0, FetchPosition.at(5), ID, 3);
        metadataKnows(LEADER, REPLICA);
        replicas.prefer(A0, REPLICA, UNTIL);
    }

    @Test
    void theReplicaIsReadFromUntilItsTimeIsOver() {
        assertThat(routing.routeOf(a0, UNTIL - 1)).isEqualTo(PartitionRoute.fetchedFrom(REPLICA));
        assertThat(routing.routeOf(a0, UNTIL)).isEqualTo(PartitionRoute.fetchedFrom(LEADER));
    }

    @Test
    void theLeaderIsReadFromWhileMetadataLacksTheReplica() {
        metadataKnows(LEADER);
        assertThat(routing.routeOf(a0, 0)).isEqualTo(PartitionRoute.fetchedFrom(LEADER));

        metadataKnows(LEADER, REPLICA);
        assertThat(routing.routeOf(a0, 0)).isEqualTo(PartitionRoute.fetchedFrom(REPLICA));
    }
}
