package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReadReplicasTest {
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final TopicPartition A1 = new TopicPartition("a", 1);

    private final ReadReplicas replicas = new ReadReplicas();

    @Test
    void aReplicaIsReadFromUntilItsTimeIsOver() {
        replicas.prefer(A0, 7, 100);

        assertThat(replicas.nodeId(A0, 99)).isEqualTo(7);
        assertThat(replicas.nodeId(A0, 100)).isEqualTo(PartitionRoute.NOWHERE);
        assertThat(replicas.nodeId(A1, 0)).as("never sent anywhere").isEqualTo(PartitionRoute.NOWHERE);
    }

    @Test
    void whatHasExpiredGoesBackToItsLeaderOnce() {
        replicas.prefer(A0, 7, 100);
        replicas.prefer(A1, 7, 300);
        assertThat(replicas.nextExpiryNanos()).isEqualTo(100);
        assertThat(replicas.expire(99)).isEmpty();

        assertThat(replicas.expire(100)).containsExactly(A0);

        assertThat(replicas.nodeId(A0, 0)).isEqualTo(PartitionRoute.NOWHERE);
        assertThat(replicas.expire(299)).isEmpty();
        assertThat(replicas.nextExpiryNanos()).isEqualTo(300);
        assertThat(replicas.expire(300)).containsExactly(A1);
        assertThat(replicas.nextExpiryNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aReplicaThatFailsIsAbandonedByThosePartitionsOnlyThatReadFromIt() {
        replicas.prefer(A0, 7, 100);
        replicas.prefer(A1, 8, 100);

        assertThat(replicas.abandon(7, 50)).containsExactly(A0);

        assertThat(replicas.nodeId(A0, 50)).isEqualTo(PartitionRoute.NOWHERE);
        assertThat(replicas.nodeId(A1, 50)).isEqualTo(8);
        assertThat(replicas.abandon(8, 100)).as("its time is over").isEmpty();
    }

    @Test
    void theReplicaThatHasFailedIsKnownAlthoughThePartitionIsReadFromItsLeader() {
        replicas.prefer(A0, 7, 100);
        replicas.abandon(7, 50);
        replicas.remove(A0);

        assertThat(replicas.failedSince(A0, 49)).isEqualTo(7);
        assertThat(replicas.failedSince(A0, 50)).isEqualTo(PartitionRoute.NOWHERE);
        assertThat(replicas.failedSince(A1, 49)).isEqualTo(PartitionRoute.NOWHERE);

        replicas.forgetFailed(A0);

        assertThat(replicas.failedSince(A0, 49)).isEqualTo(PartitionRoute.NOWHERE);
    }

    @Test
    void aLeaderNamesNoReplicaForAWhile() {
        replicas.stayAtLeader(1, 100);

        assertThat(replicas.staysAtLeader(1, 99)).isTrue();
        assertThat(replicas.staysAtLeader(1, 100)).isFalse();
        assertThat(replicas.staysAtLeader(2, 99)).isFalse();
    }

    @Test
    void goingBackToTheLeaderIsAnnouncedByTheOneRemoval() {
        replicas.readFromLeader(A0);
        assertThat(replicas.remove(A0)).as("never sent anywhere").isFalse();
        replicas.prefer(A0, 7, 100);

        replicas.readFromLeader(A0);

        assertThat(replicas.remove(A0)).isTrue();
        assertThat(replicas.remove(A0)).isFalse();
    }
}
