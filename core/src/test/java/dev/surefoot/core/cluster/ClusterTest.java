package dev.surefoot.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.PartitionLeader.Standing;
import dev.surefoot.core.error.BrokerError;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ClusterTest {
    private static final Uuid ID = new Uuid(1, 1);
    private static final Uuid OTHER_ID = new Uuid(1, 2);
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final TopicPartition A1 = new TopicPartition("a", 1);

    private static final long NOW = 1_000;

    private final Cluster cluster = new Cluster();

    private static Node node(int id) {
        return new Node(id, "broker-" + id, 9092);
    }

    private static PartitionMetadata partition(int partition, int leader, int epoch) {
        return new PartitionMetadata(partition, BrokerError.NONE, leader, epoch, List.of(), List.of(), List.of());
    }

    private static MetadataAnswer answer(Uuid id, PartitionMetadata... partitions) {
        return answer(new TopicMetadata("a", id, BrokerError.NONE, false, List.of(partitions)));
    }

    private static MetadataAnswer answer(TopicMetadata... topics) {
        return new MetadataAnswer(BrokerError.NONE, 0, "c", List.of(node(1), node(2)), List.of(topics));
    }

    private static MetadataAnswer undescribed(BrokerError error) {
        return answer(new TopicMetadata("a", Uuid.ZERO_UUID, error, false, List.of()));
    }

    @Test
    void leadersAreAsTheAnswerSays() {
        assertThat(cluster.update(answer(ID, partition(0, 1, 5), partition(1, 2, 7)), NOW))
                .containsExactlyInAnyOrder(A0, A1);

        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(ID, 1, 5));
        assertThat(cluster.leader(A1)).isEqualTo(new PartitionLeader(ID, 2, 7));
        assertThat(cluster.leader(new TopicPartition("b", 0)).standing()).isEqualTo(Standing.NOT_DESCRIBED);
        assertThat(cluster.broker(2)).isEqualTo(node(2));
    }

    @Test
    void theVersionChangesInWhateverWayALeaderChanges() {
        List<Runnable> changes = List.of(
                () -> cluster.update(answer(ID, partition(0, 1, 5)), NOW),
                () -> cluster.update(answer(ID, partition(0, 2, 6)), NOW),
                () -> cluster.update(A0, 1, 7, List.of()),
                () -> cluster.update(answer(ID, partition(0, -1, 7)), NOW),
                () -> cluster.update(undescribed(BrokerError.UNKNOWN_TOPIC_OR_PARTITION), NOW),
                () -> cluster.update(answer(ID, partition(0, 1, 8)), NOW),
                () -> cluster.retain(Set.of()));

        for (Runnable change : changes) {
            int before = cluster.version();
            PartitionLeader leader = cluster.leader(A0);
            change.run();
            assertThat(cluster.leader(A0)).isNotEqualTo(leader);
            assertThat(cluster.version()).isNotEqualTo(before);
        }
    }

    @Test
    void theSameAnswerAgainIsNoNews() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);

        assertThat(cluster.update(answer(ID, partition(0, 1, 5)), NOW)).isEmpty();
    }

    @Test
    void anOlderLeaderEpochDoesNotTakeALeaderBack() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);

        assertThat(cluster.update(answer(ID, partition(0, 2, 4)), NOW)).isEmpty();

        assertThat(cluster.leader(A0).leaderId()).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutEpochsIsBelieved() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);

        assertThat(cluster.update(answer(ID, partition(0, 2, -1)), NOW)).containsExactly(A0);

        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(ID, 2, -1));
    }

    @Test
    void aLeaderThatIsLostUnderTheSameEpochIsLost() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);

        assertThat(cluster.update(answer(ID, partition(0, -1, 5)), NOW)).containsExactly(A0);
        assertThat(cluster.leader(A0).isKnown()).isFalse();
    }

    @Test
    void anotherTopicIdStartsEpochsAnew() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);

        assertThat(cluster.update(answer(OTHER_ID, partition(0, 2, 0)), NOW)).containsExactly(A0);

        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(OTHER_ID, 2, 0));
    }

    @Test
    void aPartitionOrTopicThatIsGoneIsNews() {
        cluster.update(answer(ID, partition(0, 1, 5), partition(1, 1, 5)), NOW);

        assertThat(cluster.update(answer(ID, partition(0, 1, 5)), NOW)).containsExactly(A1);
        assertThat(cluster.leader(A1).standing()).isEqualTo(Standing.NO_PARTITION);
        assertThat(cluster.update(undescribed(BrokerError.UNKNOWN_TOPIC_OR_PARTITION), NOW))
                .containsExactly(A0);
        assertThat(cluster.leader(A0).standing()).isEqualTo(Standing.NO_TOPIC);
    }

    @Test
    void aTopicThatCannotBeDescribedNowStaysAsItWas() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);

        assertThat(cluster.update(undescribed(BrokerError.LEADER_NOT_AVAILABLE), NOW))
                .isEmpty();
        assertThat(cluster.leader(A0).leaderId()).isEqualTo(1);
    }

    @Test
    void aNewerLeaderNamedByABrokerIsTakenOverWithItsAddress() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);

        assertThat(cluster.update(A0, 9, 6, List.of(node(8), node(9)))).isTrue();

        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(ID, 9, 6));
        assertThat(cluster.broker(9)).isEqualTo(node(9));
        assertThat(cluster.broker(8)).isNull();
    }

    @Test
    void aLeaderNamedByABrokerThatIsNotNewerOrNotReachableIsNoNews() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);

        assertThat(cluster.update(A0, 2, 5, List.of())).isFalse();
        assertThat(cluster.update(A0, 9, 6, List.of())).as("no address").isFalse();
        assertThat(cluster.update(new TopicPartition("b", 0), 1, 6, List.of())).isFalse();
        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(ID, 1, 5));
    }

    @Test
    void aTopicThatNobodyAsksAboutIsNotKnown() {
        cluster.update(answer(ID, partition(0, 1, 5)), NOW);
        cluster.retain(Set.of("a", "b"));
        assertThat(cluster.leader(A0).isKnown()).isTrue();
        cluster.retain(Set.of("b"));

        assertThat(cluster.leader(A0).standing()).isEqualTo(Standing.NOT_DESCRIBED);
        assertThat(cluster.brokers()).hasSize(2);
    }

    @Test
    void anAbsenceCountsTheAnswersThatAgree() {
        cluster.update(undescribed(BrokerError.UNKNOWN_TOPIC_OR_PARTITION), 10);
        cluster.update(undescribed(BrokerError.UNKNOWN_TOPIC_OR_PARTITION), 30);

        short code = BrokerError.UNKNOWN_TOPIC_OR_PARTITION.code();
        assertThat(cluster.absence("a"))
                .isEqualTo(new TopicAbsence(
                        BrokerError.UNKNOWN_TOPIC_OR_PARTITION, code, 10, 30, 2, Uuid.ZERO_UUID, false));
        assertThat(cluster.leader(A0).standing()).isEqualTo(Standing.NO_TOPIC);

        cluster.update(undescribed(BrokerError.LEADER_NOT_AVAILABLE), 40);
        assertThat(cluster.absence("a")).extracting(TopicAbsence::answers).isEqualTo(1);
        assertThat(cluster.absence("a")).extracting(TopicAbsence::firstNanos).isEqualTo(40L);

        cluster.update(answer(ID, partition(0, 1, 5)), 50);
        assertThat(cluster.absence("a")).isNull();
    }

    @Test
    void anAbsenceKnowsTheTopicThatWasDeleted() {
        cluster.update(answer(ID, partition(0, 1, 5)), 10);
        cluster.update(undescribed(BrokerError.UNKNOWN_TOPIC_OR_PARTITION), 20);
        cluster.update(undescribed(BrokerError.UNKNOWN_TOPIC_OR_PARTITION), 30);

        assertThat(cluster.absence("a")).extracting(TopicAbsence::idBefore).isEqualTo(ID);
        assertThat(cluster.absence("a"))
                .extracting(TopicAbsence::describedBefore)
                .isEqualTo(true);
    }

    @Test
    void anAbsenceIsDroppedWithTheInterest() {
        cluster.update(undescribed(BrokerError.UNKNOWN_TOPIC_OR_PARTITION), 10);
        cluster.retain(Set.of("a", "b"));
        assertThat(cluster.absence("a")).isNotNull();
        cluster.retain(Set.of("b"));
        assertThat(cluster.absence("a")).isNull();
    }

    @Test
    void aPartitionWithoutALeaderKeepsWhatElseIsKnown() {
        cluster.update(answer(ID, partition(0, 1, 5)), 10);
        PartitionMetadata leaderless = new PartitionMetadata(
                0, BrokerError.LEADER_NOT_AVAILABLE, -1, 6, List.of(1, 2), List.of(2), List.of(1, 2));
        cluster.update(answer(ID, leaderless), 20);
        cluster.update(answer(ID, leaderless), 30);

        assertThat(cluster.leader(A0).standing()).isEqualTo(Standing.LEADERLESS);
        assertThat(cluster.leaderless(A0))
                .isEqualTo(new LeaderlessPartition(
                        BrokerError.LEADER_NOT_AVAILABLE, 20, List.of(1, 2), List.of(2), List.of(1, 2)));
        assertThat(cluster.leaderless(A1)).isNull();

        cluster.update(answer(ID, partition(0, 2, 7)), 40);
        assertThat(cluster.leaderless(A0)).isNull();
        assertThat(cluster.leader(A0).standing()).isEqualTo(Standing.LED);

        cluster.update(answer(ID, leaderless), 50);
        assertThat(cluster.leader(A0).isKnown()).as("an answer that is older").isTrue();
        assertThat(cluster.leaderless(A0)).isNull();
    }
}
