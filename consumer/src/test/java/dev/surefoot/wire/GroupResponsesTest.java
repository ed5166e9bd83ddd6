package dev.surefoot.wire;

import static dev.surefoot.wire.WrittenAnswer.BROKER;
import static dev.surefoot.wire.WrittenAnswer.frame;
import static dev.surefoot.wire.WrittenAnswer.read;
import static dev.surefoot.wire.WrittenAnswer.throttle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each answer of a coordinator, in each version that is used, written by Kafka's own classes. */
class GroupResponsesTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T2 = new TopicPartition("t", 2);
    private static final Uuid ID = new Uuid(1, 2);

    private static final Request<?> FIND = new FindCoordinatorRequest(3, "g", 1);
    private static final Request<?> JOIN = new JoinGroupRequest(3, "g", "m", null, 1, 1, Map.of(), "", 1);
    private static final Request<?> SYNC = new SyncGroupRequest(3, "g", "m", null, 6, "range", Map.of(), 1);
    private static final Request<?> HEARTBEAT = new HeartbeatRequest(3, "g", "m", null, 6, 1);
    private static final Request<?> DESCRIBE = new DescribeGroupRequest(3, "g", 1);
    private static final Request<?> LEAVE = new LeaveGroupRequest(3, "g", "m", "", 1);
    private static final Request<?> CONSUMER_HEARTBEAT =
            new ConsumerGroupHeartbeatRequest(3, "g", "m", 6, null, null, -1, null, null, null, null, 1);

    static IntStream findCoordinator() {
        return IntStream.rangeClosed(0, 6);
    }

    private static FindCoordinatorResponseData coordinator(int version, short error) {
        FindCoordinatorResponseData data = new FindCoordinatorResponseData().setThrottleTimeMs(throttle(version, 1));
        return version < 4
                ? data.setErrorCode(error).setNodeId(5).setHost("c").setPort(9093)
                : data.setCoordinators(List.of(new FindCoordinatorResponseData.Coordinator()
                        .setKey("g")
                        .setErrorCode(error)
                        .setNodeId(5)
                        .setHost("c")
                        .setPort(9093)));
    }

    @ParameterizedTest
    @MethodSource
    void findCoordinator(int version) {
        assertThat(read(FIND, ApiKeys.FIND_COORDINATOR, version, coordinator(version, (short) 0)))
                .isEqualTo(new FindCoordinatorResponse(
                        throttle(version, 1), BrokerError.NONE, (short) 0, new Node(5, "c", 9093)));
        assertThat(read(FIND, ApiKeys.FIND_COORDINATOR, version, coordinator(version, (short) 15)))
                .isEqualTo(new FindCoordinatorResponse(
                        throttle(version, 1), BrokerError.COORDINATOR_NOT_AVAILABLE, (short) 15, null));
        if (version >= 4) {
            assertThatThrownBy(() -> read(FIND, ApiKeys.FIND_COORDINATOR, version, new FindCoordinatorResponseData()))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("no coordinator");
        }
    }

    static IntStream joinGroup() {
        return IntStream.rangeClosed(2, 9);
    }

    @ParameterizedTest
    @MethodSource
    void joinGroup(int version) {
        MemberSubscription one = new MemberSubscription(List.of("t"), null, List.of(T0), 5, "rack", null);
        JoinGroupResponseMember member = new JoinGroupResponseMember()
                .setMemberId("m")
                .setMetadata(ConsumerProtocolCodec.write(one).array());
        JoinGroupResponseData data = new JoinGroupResponseData()
                .setThrottleTimeMs(throttle(version, 2))
                .setGenerationId(6)
                .setProtocolName("range")
                .setLeader("n")
                .setMemberId("m")
                .setMembers(List.of(version < 5 ? member : member.setGroupInstanceId("i")));
        if (version >= 7) {
            data.setProtocolType("consumer");
        }
        if (version >= 9) {
            data.setSkipAssignment(true);
        }
        String instanceId = version < 5 ? null : "i";
        assertThat(read(JOIN, ApiKeys.JOIN_GROUP, version, data))
                .isEqualTo(new JoinGroupResponse(
                        9,
                        BrokerError.NONE,
                        (short) 0,
                        6,
                        version < 7 ? null : "consumer",
                        "range",
                        "n",
                        "m",
                        version >= 9,
                        Map.of("m", new MemberSubscription(List.of("t"), null, List.of(T0), 5, "rack", instanceId))));
    }

    @ParameterizedTest
    @MethodSource("joinGroup")
    void joinGroupRefused(int version) {
        JoinGroupResponseData data = new JoinGroupResponseData()
                .setErrorCode((short) 79)
                .setGenerationId(-1)
                .setProtocolName(version < 7 ? "" : null)
                .setMemberId("given");
        assertThat(read(JOIN, ApiKeys.JOIN_GROUP, version, data))
                .isInstanceOfSatisfying(JoinGroupResponse.class, answer -> {
                    assertThat(answer.error()).isEqualTo(BrokerError.MEMBER_ID_REQUIRED);
                    assertThat(answer.memberId()).isEqualTo("given");
                    assertThat(answer.generation()).isEqualTo(-1);
                    assertThat(answer.members()).isEmpty();
                });
    }

    static IntStream syncGroup() {
        return IntStream.rangeClosed(1, 5);
    }

    @ParameterizedTest
    @MethodSource
    void syncGroup(int version) {
        MemberAssignment mine = new MemberAssignment(List.of(T0, T2), ByteBuffer.wrap(new byte[] {1, 2}));
        SyncGroupResponseData data = new SyncGroupResponseData()
                .setThrottleTimeMs(9)
                .setAssignment(ConsumerProtocolCodec.write(mine).array());
        if (version >= 5) {
            data.setProtocolType("consumer").setProtocolName("range");
        }
        assertThat(read(SYNC, ApiKeys.SYNC_GROUP, version, data))
                .isEqualTo(new SyncGroupResponse(9, BrokerError.NONE, (short) 0, version < 5 ? null : "range", mine));
        assertThat(read(SYNC, ApiKeys.SYNC_GROUP, version, new SyncGroupResponseData().setErrorCode((short) 27)))
                .as("an error brings no assignment")
                .isEqualTo(new SyncGroupResponse(0, BrokerError.REBALANCE_IN_PROGRESS, (short) 27, null, null));
    }

    static IntStream heartbeat() {
        return IntStream.rangeClosed(1, 4);
    }

    @ParameterizedTest
    @MethodSource
    void heartbeat(int version) {
        HeartbeatResponseData data =
                new HeartbeatResponseData().setThrottleTimeMs(9).setErrorCode((short) 22);
        assertThat(read(HEARTBEAT, ApiKeys.HEARTBEAT, version, data))
                .isEqualTo(new HeartbeatResponse(9, BrokerError.ILLEGAL_GENERATION, (short) 22));
    }

    static IntStream leaveGroup() {
        return IntStream.rangeClosed(1, 5);
    }

    @ParameterizedTest
    @MethodSource
    void leaveGroup(int version) {
        LeaveGroupResponseData data = new LeaveGroupResponseData().setThrottleTimeMs(9);
        assertThat(read(LEAVE, ApiKeys.LEAVE_GROUP, version, data))
                .isEqualTo(new LeaveGroupResponse(9, BrokerError.NONE, (short) 0));

        if (version < 3) {
            data.setErrorCode((short) 25);
        } else {
            data.setMembers(List.of(
                    new LeaveGroupResponseData.MemberResponse().setMemberId("m").setErrorCode((short) 25)));
        }
        assertThat(read(LEAVE, ApiKeys.LEAVE_GROUP, version, data))
                .isEqualTo(new LeaveGroupResponse(9, BrokerError.UNKNOWN_MEMBER_ID, (short) 25));
    }

    static IntStream describeGroup() {
        return IntStream.rangeClosed(0, 6);
    }

    private static DescribeGroupsResponseData described(String state) {
        byte[] plan = ConsumerProtocolCodec.write(new MemberAssignment(List.of(T0), null))
                .array();
        return new DescribeGroupsResponseData()
                .setGroups(List.of(
                        new DescribedGroup().setGroupId("other").setErrorCode((short) 30),
                        new DescribedGroup()
                                .setGroupId("g")
                                .setGroupState(state)
                                .setProtocolType("consumer")
                                .setProtocolData("range")
                                .setMembers(List.of(
                                        new DescribedGroupMember()
                                                .setMemberId("m")
                                                .setMemberAssignment(plan),
                                        new DescribedGroupMember().setMemberId("n")))));
    }

    @ParameterizedTest
    @MethodSource
    void describeGroup(int version) {
        assertThat(read(DESCRIBE, ApiKeys.DESCRIBE_GROUPS, version, described("Stable")))
                .isEqualTo(new DescribeGroupResponse(0, BrokerError.NONE, (short) 0, true, Set.of(T0)));
        assertThat(read(DESCRIBE, ApiKeys.DESCRIBE_GROUPS, version, described("PreparingRebalance")))
                .isEqualTo(new DescribeGroupResponse(0, BrokerError.NONE, (short) 0, false, Set.of(T0)));

        DescribeGroupsResponseData refused = new DescribeGroupsResponseData()
                .setGroups(List.of(new DescribedGroup().setGroupId("g").setErrorCode((short) 30)));
        assertThat(read(DESCRIBE, ApiKeys.DESCRIBE_GROUPS, version, refused))
                .isEqualTo(new DescribeGroupResponse(
                        0, BrokerError.GROUP_AUTHORIZATION_FAILED, (short) 30, false, Set.of()));
        assertThatThrownBy(() -> read(
                        DESCRIBE,
                        ApiKeys.DESCRIBE_GROUPS,
                        version,
                        new DescribeGroupsResponseData().setGroups(List.of())))
                .hasMessageContaining("lacks group 'g'");
    }

    static IntStream consumerGroupHeartbeat() {
        return IntStream.rangeClosed(0, 1);
    }

    @ParameterizedTest
    @MethodSource
    void consumerGroupHeartbeat(int version) {
        ConsumerGroupHeartbeatResponseData data = new ConsumerGroupHeartbeatResponseData()
                .setThrottleTimeMs(9)
                .setMemberId("m")
                .setMemberEpoch(6)
                .setHeartbeatIntervalMs(5_000);
        assertThat(read(CONSUMER_HEARTBEAT, ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, data))
                .as("no assignment is not an empty one")
                .isEqualTo(
                        new ConsumerGroupHeartbeatResponse(9, BrokerError.NONE, (short) 0, null, "m", 6, 5_000, null));

        data.setAssignment(new ConsumerGroupHeartbeatResponseData.Assignment()
                .setTopicPartitions(List.of(new ConsumerGroupHeartbeatResponseData.TopicPartitions()
                        .setTopicId(ID)
                        .setPartitions(List.of(2, 0)))));
        assertThat(read(CONSUMER_HEARTBEAT, ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, data))
                .isEqualTo(new ConsumerGroupHeartbeatResponse(
                        9, BrokerError.NONE, (short) 0, null, "m", 6, 5_000, Map.of(ID, Set.of(0, 2))));

        assertThat(read(
                        CONSUMER_HEARTBEAT,
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        version,
                        new ConsumerGroupHeartbeatResponseData()
                                .setErrorCode((short) 110)
                                .setErrorMessage("why")))
                .isEqualTo(new ConsumerGroupHeartbeatResponse(
                        0, BrokerError.FENCED_MEMBER_EPOCH, (short) 110, "why", null, 0, 0, null));
    }

    // Bad bytes.

    static Stream<Arguments> sound() {
        MemberSubscription member = new MemberSubscription(List.of("t"), null, List.of(T0), 5, "rack", null);
        byte[] metadata = ConsumerProtocolCodec.write(member).array();
        byte[] assignment = ConsumerProtocolCodec.write(new MemberAssignment(List.of(T0), null))
                .array();
        return Stream.of(
                Arguments.of(FIND, ApiKeys.FIND_COORDINATOR, 4, coordinator(4, (short) 0)),
                Arguments.of(
                        JOIN,
                        ApiKeys.JOIN_GROUP,
                        9,
                        new JoinGroupResponseData()
                                .setMembers(List.of(new JoinGroupResponseMember()
                                        .setMemberId("m")
                                        .setMetadata(metadata)))),
                Arguments.of(SYNC, ApiKeys.SYNC_GROUP, 5, new SyncGroupResponseData().setAssignment(assignment)),
                Arguments.of(HEARTBEAT, ApiKeys.HEARTBEAT, 4, new HeartbeatResponseData()),
                Arguments.of(LEAVE, ApiKeys.LEAVE_GROUP, 5, new LeaveGroupResponseData()),
                Arguments.of(DESCRIBE, ApiKeys.DESCRIBE_GROUPS, 6, described("Stable")),
                Arguments.of(
                        CONSUMER_HEARTBEAT,
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        1,
                        new ConsumerGroupHeartbeatResponseData().setMemberId("m")));
    }

    @ParameterizedTest
    @MethodSource("sound")
    void anAnswerThatEndsTooEarlyIsRefused(Request<?> request, ApiKeys api, int version, ApiMessage message) {
        ByteBuffer whole = frame(api, (short) version, message);
        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer cut = whole.duplicate().limit(length);
            assertThatThrownBy(() -> read(request, api, version, cut))
                    .as("%d bytes of %d", length, whole.limit())
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining(BROKER);
        }
        assertThat(read(request, api, version, whole.duplicate())).isInstanceOf(request.answerType());
    }

    @Test
    void aMemberThatSaysNonsenseMakesTheAnswerUnusable() {
        JoinGroupResponseData data = new JoinGroupResponseData()
                .setMembers(
                        List.of(new JoinGroupResponseMember().setMemberId("m").setMetadata(new byte[] {0})));
        assertThatThrownBy(() -> read(JOIN, ApiKeys.JOIN_GROUP, 9, data))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining(BROKER);
    }
}
