package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What the model does and a sound broker cannot be made to do: bugs of older ones, lost writes, and what it tells. */
class ConsumerGroupKnobsTest {
    private static final String GROUP = "g";
    private static final Node HOST = new Node(0, "localhost", 9092);
    private static final ConsumerGroupSettings AT_ONCE =
            ConsumerGroupSettings.defaults().withTimes(45_000, 5_000, 0);

    private final TopicCatalog topics = new TopicCatalog(new SplittableRandom(1));
    private final Uuid topicId = topics.create("t", 4).id();
    private ModelSide model = new ModelSide(AT_ONCE, topics);
    private long nowMs = 1_000;

    private void configure(ConsumerGroupSettings settings) {
        model = new ModelSide(settings, topics);
    }

    private ConsumerGroupHeartbeatResponseData send(ConsumerGroupHeartbeatRequestData request) {
        return model.ask(request, 1, nowMs, ConsumerGroupHeartbeatResponseData.class);
    }

    private static ConsumerGroupHeartbeatRequestData request(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    private ConsumerGroupHeartbeatResponseData join(String memberId) {
        return send(request(memberId, 0)
                .setRebalanceTimeoutMs(60_000)
                .setTopicPartitions(List.of())
                .setSubscribedTopicNames(List.of("t")));
    }

    private ConsumerGroupHeartbeatResponseData live(String memberId, int epoch) {
        return send(request(memberId, epoch));
    }

    private ConsumerGroupHeartbeatResponseData own(String memberId, int epoch, Integer... partitions) {
        SortedSet<GroupPartition> owned = new TreeSet<>();
        for (int partition : partitions) {
            owned.add(new GroupPartition(topicId, partition));
        }
        return send(request(memberId, epoch).setTopicPartitions(ConsumerGroupScript.said(owned)));
    }

    private static List<Integer> given(ConsumerGroupHeartbeatResponseData answer) {
        assertThat(answer.assignment()).isNotNull();
        return HeartbeatText.partitions(answer.assignment()).stream()
                .map(GroupPartition::partition)
                .toList();
    }

    private List<PartitionHolders.Holding> holders(int partition) {
        return Objects.requireNonNull(model.model().consumerGroup(GROUP))
                .holders()
                .of(new GroupPartition(topicId, partition));
    }

    private Errors commit(int version, int epoch, int partition) {
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(GROUP)
                .setMemberId("a")
                .setGenerationIdOrMemberEpoch(epoch)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("t")
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(1)))));
        OffsetCommitResponseData answer = model.ask(request, version, nowMs, OffsetCommitResponseData.class);
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    @Test
    void aStrictCoordinatorRefusesACommitWithAnOlderEpoch() {
        configure(AT_ONCE.withStrictCommits(true));
        join("a");
        join("b");
        live("a", 2);
        assertThat(commit(9, 2, 0)).isEqualTo(Errors.NONE);
        own("a", 2, 2, 3);
        assertThat(commit(9, 2, 2)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(commit(9, 3, 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void aCoordinatorThatLostWritesKnowsOnlyWhatWasLeft() {
        join("a");
        join("b");
        model.model().crash(1, HOST, nowMs, 0, 0);
        model.model().turn(nowMs);
        assertThat(live("b", 3).errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        assertThat(live("a", 2).memberEpoch()).isEqualTo(2);
    }

    @Test
    void aHeartbeatThatCannotBeWrittenChangesNothing() {
        model.model().failWrites(Errors.COORDINATOR_NOT_AVAILABLE, 1);
        assertThat(join("a").errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(live("a", 2).errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        join("a");
        model.model().failWrites(Errors.NOT_COORDINATOR, 1);
        assertThat(join("b").errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
        assertThat(live("b", 3).errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        assertThat(live("a", 2).memberEpoch()).isEqualTo(2);
    }

    @Test
    void aMemberWhoseEndCannotBeWrittenIsRemovedLater() {
        join("a");
        model.model().failWrites(Errors.COORDINATOR_NOT_AVAILABLE, 1);
        model.model().turn(nowMs + 45_000);
        assertThat(model.model().members(GROUP)).hasSize(1);
        model.model().turn(nowMs + 45_500);
        assertThat(model.model().members(GROUP)).isEmpty();
    }

    @Test
    void theBooksTellWhoHoldsAPartitionAndSinceWhen() {
        join("a");
        nowMs += 10;
        join("b");
        nowMs += 10;
        assertThat(given(live("a", 2))).containsExactly(2, 3);
        assertThat(holders(0)).containsExactly(new PartitionHolders.Holding("a", 2, 1_000, 1_020));
        assertThat(holders(3)).containsExactly(new PartitionHolders.Holding("a", 2, 1_000, -1));
        nowMs += 10;
        own("a", 2, 2, 3);
        assertThat(holders(0)).isEmpty();
        nowMs += 10;
        live("b", 3);
        assertThat(holders(0)).containsExactly(new PartitionHolders.Holding("b", 3, 1_040, -1));
        model.model().expireMember(GROUP, "b", nowMs);
        assertThat(holders(0)).isEmpty();
        assertThat(model.model().ledger().removals()).containsExactly(new CoordinatorLedger.Removal(GROUP, "b", nowMs));
    }

    @Test
    void anAdversarialAssignorMovesEverythingEachTime() {
        configure(AT_ONCE.withAssignors(List.of(new SwappingTargetAssignor())));
        join("a");
        join("b");
        assertThat(given(live("a", 2))).isEmpty();
        own("a", 2);
        assertThat(given(live("b", 3))).containsExactly(0, 1, 2, 3);
    }

    // Bugs of older coordinators.

    @Test
    void aPartitionIsGivenTwice() {
        configure(AT_ONCE.withBugs(Set.of(ConsumerGroupBug.PARTITION_GIVEN_TWICE)));
        join("a");
        join("b");
        live("a", 2);
        live("b", 3);
        assertThat(holders(0)).hasSize(2);
    }

    @Test
    void aJoinIsAnsweredWithEpochZero() {
        configure(AT_ONCE.withBugs(Set.of(ConsumerGroupBug.JOIN_ANSWERED_WITH_EPOCH_ZERO)));
        assertThat(join("a").memberEpoch()).isEqualTo(2);
        assertThat(join("b").memberEpoch()).isZero();
    }

    @Test
    void whatAMemberIsToGiveUpIsNotFreeForItself() {
        assertThat(afterARevocationThatIsTakenBack()).containsExactly(0, 1, 2, 3);
        configure(AT_ONCE.withBugs(Set.of(ConsumerGroupBug.OWN_REVOCATION_NOT_FREE)));
        assertThat(afterARevocationThatIsTakenBack()).isNull();
    }

    private List<Integer> afterARevocationThatIsTakenBack() {
        join("a");
        join("b");
        live("a", 2);
        send(request("b", -1));
        ConsumerGroupHeartbeatResponseData answer = own("a", 2, 2, 3);
        return answer.assignment() == null ? null : given(answer);
    }

    @Test
    void aKnownMemberThatRejoinsIsFenced() {
        configure(AT_ONCE.withBugs(Set.of(ConsumerGroupBug.KNOWN_MEMBER_CANNOT_REJOIN)));
        join("a");
        join("b");
        live("a", 2);
        own("a", 2, 2, 3);
        assertThat(join("a").errorCode()).isEqualTo(Errors.FENCED_MEMBER_EPOCH.code());
        model.model().turn(nowMs + 45_000);
        nowMs += 45_000;
        assertThat(join("a").errorCode()).isZero();
    }
}
