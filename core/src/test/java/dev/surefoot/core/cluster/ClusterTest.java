package dev.surefoot.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.error.BrokerError;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ClusterTest {
    private static final Uuid ID = new Uuid(1, 1);
    private static final Uuid OTHER_ID = new Uuid(1, 2);
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final TopicPartition A1 = new TopicPartition("a", 1);

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

    @Test
    void leadersAreAsTheAnswerSays() {
        assertThat(cluster.update(answer(ID, partition(0, 1, 5), partition(1, 2, 7))))
                .containsExactlyInAnyOrder(A0, A1);

        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(ID, 1, 5));
        assertThat(cluster.leader(A1)).isEqualTo(new PartitionLeader(ID, 2, 7));
        assertThat(cluster.leader(new TopicPartition("b", 0))).isEqualTo(PartitionLeader.UNKNOWN);
        assertThat(cluster.broker(2)).isEqualTo(node(2));
    }

    @Test
    void theSameAnswerAgainIsNoNews() {
        cluster.update(answer(ID, partition(0, 1, 5)));

        assertThat(cluster.update(answer(ID, partition(0, 1, 5)))).isEmpty();
    }

    @Test
    void anOlderLeaderEpochDoesNotTakeALeaderBack() {
        cluster.update(answer(ID, partition(0, 1, 5)));

        assertThat(cluster.update(answer(ID, partition(0, 2, 4)))).isEmpty();

        assertThat(cluster.leader(A0).leaderId()).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutEpochsIsBelieved() {
        cluster.update(answer(ID, partition(0, 1, 5)));

        assertThat(cluster.update(answer(ID, partition(0, 2, -1)))).containsExactly(A0);

        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(ID, 2, -1));
    }

    @Test
    void aLeaderThatIsLostUnderTheSameEpochIsLost() {
        cluster.update(answer(ID, partition(0, 1, 5)));

        assertThat(cluster.update(answer(ID, partition(0, -1, 5)))).containsExactly(A0);
        assertThat(cluster.leader(A0).isKnown()).isFalse();
    }

    @Test
    void anotherTopicIdStartsEpochsAnew() {
        cluster.update(answer(ID, partition(0, 1, 5)));

        assertThat(cluster.update(answer(OTHER_ID, partition(0, 2, 0)))).containsExactly(A0);

        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(OTHER_ID, 2, 0));
    }

    @Test
    void aPartitionOrTopicThatIsGoneIsNews() {
        cluster.update(answer(ID, partition(0, 1, 5), partition(1, 1, 5)));

        assertThat(cluster.update(answer(ID, partition(0, 1, 5)))).containsExactly(A1);
        assertThat(cluster.update(
                        answer(new TopicMetadata("a", ID, BrokerError.UNKNOWN_TOPIC_OR_PARTITION, false, List.of()))))
                .containsExactly(A0);
        assertThat(cluster.leader(A0)).isEqualTo(PartitionLeader.UNKNOWN);
    }

    @Test
    void aTopicThatCannotBeDescribedNowStaysAsItWas() {
        cluster.update(answer(ID, partition(0, 1, 5)));

        assertThat(cluster.update(
                        answer(new TopicMetadata("a", ID, BrokerError.LEADER_NOT_AVAILABLE, false, List.of()))))
                .isEmpty();
        assertThat(cluster.leader(A0).leaderId()).isEqualTo(1);
    }

    @Test
    void aNewerLeaderNamedByABrokerIsTakenOverWithItsAddress() {
        cluster.update(answer(ID, partition(0, 1, 5)));

        assertThat(cluster.update(A0, 9, 6, List.of(node(8), node(9)))).isTrue();

        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(ID, 9, 6));
        assertThat(cluster.broker(9)).isEqualTo(node(9));
        assertThat(cluster.broker(8)).isNull();
    }

    @Test
    void aLeaderNamedByABrokerThatIsNotNewerOrNotReachableIsNoNews() {
        cluster.update(answer(ID, partition(0, 1, 5)));

        assertThat(cluster.update(A0, 2, 5, List.of())).isFalse();
        assertThat(cluster.update(A0, 9, 6, List.of())).as("no address").isFalse();
        assertThat(cluster.update(new TopicPartition("b", 0), 1, 6, List.of())).isFalse();
        assertThat(cluster.leader(A0)).isEqualTo(new PartitionLeader(ID, 1, 5));
    }

    @Test
    void whatIsForgottenIsUnknown() {
        cluster.update(answer(ID, partition(0, 1, 5)));
        cluster.forget("a");

        assertThat(cluster.leader(A0)).isEqualTo(PartitionLeader.UNKNOWN);
        assertThat(cluster.brokers()).hasSize(2);
    }
}
