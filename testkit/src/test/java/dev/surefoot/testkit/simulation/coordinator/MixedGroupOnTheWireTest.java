package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What a real coordinator tells a member of the classic protocol in a group of the consumer protocol (D14). No member
 * of ours is here: the expectations are what {@code ClassicMembership} has to get along with.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MixedGroupOnTheWireTest {
    private static final String TOPIC = "a";
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KafkaCluster cluster;
    private Uuid topicId;
    private RawConnection modern;
    private RawConnection classic;

    @BeforeAll
    void start() throws Exception {
        cluster = KafkaCluster.builder()
                .brokerConfig("group.consumer.assignment.interval.ms", "0")
                .start();
        cluster.createTopic(TOPIC, PARTITIONS, 1);
        topicId = cluster.admin()
                .describeTopics(List.of(TOPIC))
                .allTopicNames()
                .get()
                .get(TOPIC)
                .topicId();
        modern = new RawConnection(cluster.bootstrapServers());
        classic = new RawConnection(cluster.bootstrapServers());
    }

    @AfterAll
    void close() {
        modern.close();
        classic.close();
        cluster.close();
    }

    private static <T> T ask(RawConnection connection, ApiMessage request, int version, Class<T> type) {
        connection.send(request, version);
        return type.cast(connection.receive());
    }

    private ConsumerGroupHeartbeatResponseData modern(ConsumerGroupHeartbeatRequestData request) {
        return ask(modern, request, 1, ConsumerGroupHeartbeatResponseData.class);
    }

    private static ConsumerGroupHeartbeatRequestData request(String group, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId("modern")
                .setMemberEpoch(epoch);
    }

    private ConsumerGroupHeartbeatRequestData owning(String group, int epoch, List<Integer> partitions) {
        return request(group, epoch)
                .setTopicPartitions(
                        List.of(new TopicPartitions().setTopicId(topicId).setPartitions(partitions)));
    }

    /** The only member of the group, which has all partitions. The coordinator comes into being first. */
    private int alone(String group) {
        return Await.value("a coordinator", PATIENCE, () -> {
            FindCoordinatorRequestData question = new FindCoordinatorRequestData().setCoordinatorKeys(List.of(group));
            ask(modern, question, 4, FindCoordinatorResponseData.class);
            ConsumerGroupHeartbeatResponseData answer = modern(request(group, 0)
                    .setRebalanceTimeoutMs(ClassicMessages.LONG_MS)
                    .setTopicPartitions(List.of())
                    .setSubscribedTopicNames(List.of(TOPIC)));
            return answer.errorCode() == 0 ? Optional.of(answer.memberEpoch()) : Optional.empty();
        });
    }

    private JoinGroupResponseData join(String group, String member) {
        JoinGroupRequestData request = ClassicMessages.join(group, member, null, "range");
        return ask(classic, request, 9, JoinGroupResponseData.class);
    }

    private SortedSet<Integer> synced(String group, String member, int generation) {
        SyncGroupResponseData answer =
                ask(classic, ClassicMessages.sync(group, member, generation), 5, SyncGroupResponseData.class);
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        SortedSet<Integer> partitions = new TreeSet<>();
        ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(answer.assignment())).partitions().stream()
                .map(TopicPartition::partition)
                .forEach(partitions::add);
        return partitions;
    }

    private Errors beat(String group, String member, int generation) {
        HeartbeatResponseData answer =
                ask(classic, ClassicMessages.heartbeat(group, member, generation), 4, HeartbeatResponseData.class);
        return Errors.forCode(answer.errorCode());
    }

    @Test
    void d14AClassicMemberIsToldToJoinWhenThereIsSomethingForIt() {
        String group = "d14";
        int alone = alone(group);

        JoinGroupResponseData first = join(group, "");
        assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        String member = first.memberId();
        JoinGroupResponseData joined = join(group, member);
        // Nobody leads, nobody waits: the answer comes at once, though the other member has heard of nothing.
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(joined.leader()).isEmpty();
        assertThat(joined.members()).isEmpty();
        assertThat(joined.protocolType()).isEqualTo("consumer");
        assertThat(joined.protocolName()).isEqualTo("range");
        assertThat(joined.generationId()).isGreaterThan(alone);
        assertThat(synced(group, member, joined.generationId())).isEmpty();
        assertThat(beat(group, member, joined.generationId())).isEqualTo(Errors.NONE);

        ConsumerGroupHeartbeatResponseData told = modern(request(group, alone));
        assertThat(told.memberEpoch()).as("not before it has given up").isEqualTo(alone);
        List<Integer> kept =
                new ArrayList<>(told.assignment().topicPartitions().get(0).partitions());
        assertThat(kept).hasSize(PARTITIONS / 2);
        assertThat(beat(group, member, joined.generationId())).isEqualTo(Errors.NONE);
        modern(owning(group, alone, kept));

        // Now there is.
        assertThat(beat(group, member, joined.generationId())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinGroupResponseData again = join(group, member);
        assertThat(again.memberId()).isEqualTo(member);
        assertThat(again.leader()).isEmpty();
        SortedSet<Integer> rest =
                new TreeSet<>(IntStream.range(0, PARTITIONS).boxed().toList());
        kept.forEach(rest::remove);
        assertThat(synced(group, member, again.generationId())).isEqualTo(rest);
        assertThat(beat(group, member, again.generationId())).isEqualTo(Errors.NONE);

        // The last member of the consumer protocol goes, and the group is a classic one, which rebalances.
        modern(request(group, -1));
        assertThat(beat(group, member, again.generationId())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinGroupResponseData led = join(group, member);
        assertThat(Errors.forCode(led.errorCode())).isEqualTo(Errors.NONE);
        assertThat(led.leader()).isEqualTo(member);
        assertThat(led.members()).hasSize(1);
    }
}
