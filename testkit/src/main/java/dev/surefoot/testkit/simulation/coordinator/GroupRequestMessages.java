package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** The requests of a group's member as Kafka's own messages, which the model coordinator takes. */
public final class GroupRequestMessages {
    private static final Map<Class<?>, Form<?>> FORMS = Map.of(
            FindCoordinatorRequest.class,
            new Form<>(FindCoordinatorRequest.class, 4, GroupRequestMessages::find),
            JoinGroupRequest.class,
            new Form<>(JoinGroupRequest.class, 9, GroupRequestMessages::join),
            SyncGroupRequest.class,
            new Form<>(SyncGroupRequest.class, 5, GroupRequestMessages::sync),
            HeartbeatRequest.class,
            new Form<>(HeartbeatRequest.class, 4, GroupRequestMessages::heartbeat),
            LeaveGroupRequest.class,
            new Form<>(LeaveGroupRequest.class, 5, GroupRequestMessages::leave),
            DescribeGroupRequest.class,
            new Form<>(DescribeGroupRequest.class, 6, GroupRequestMessages::describe),
            ConsumerGroupHeartbeatRequest.class,
            new Form<>(ConsumerGroupHeartbeatRequest.class, 1, GroupRequestMessages::consumerHeartbeat),
            OffsetCommitRequest.class,
            new Form<>(OffsetCommitRequest.class, 9, GroupRequestMessages::commit),
            OffsetFetchRequest.class,
            new Form<>(OffsetFetchRequest.class, 9, GroupRequestMessages::fetchOffsets));

    private static final int NO_LEADER_EPOCH = -1;

    private GroupRequestMessages() {}

    /** How requests of one class become messages of one version. */
    private record Form<R>(Class<R> request, int version, Function<R, ApiMessage> writer) {
        ApiMessage write(Request<?> said) {
            return writer.apply(request.cast(said));
        }
    }

    private static Form<?> form(Request<?> request) {
        Form<?> form = FORMS.get(request.getClass());
        if (form == null) {
            throw new IllegalArgumentException("not for a group coordinator: " + request);
        }
        return form;
    }

    /** Whether a coordinator, or any broker on behalf of one, answers such requests. */
    public static boolean isForCoordinator(Request<?> request) {
        return FORMS.containsKey(request.getClass());
    }

    /**
     * The version in which a request is sent.
     *
     * @throws IllegalArgumentException if it is not for a coordinator
     */
    public static int version(Request<?> request) {
        return form(request).version();
    }

    /**
     * The message in that version.
     *
     * @throws IllegalArgumentException if the request is not for a coordinator
     */
    public static ApiMessage message(Request<?> request) {
        return form(request).write(request);
    }

    private static ApiMessage find(FindCoordinatorRequest find) {
        return new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of(find.groupId()));
    }

    // The classic protocol.

    private static ApiMessage join(JoinGroupRequest join) {
        JoinGroupRequestData data = new JoinGroupRequestData()
                .setGroupId(join.groupId())
                .setMemberId(join.memberId())
                .setGroupInstanceId(join.instanceId())
                .setSessionTimeoutMs(join.sessionTimeoutMs())
                .setRebalanceTimeoutMs(join.rebalanceTimeoutMs())
                .setProtocolType(ConsumerProtocol.PROTOCOL_TYPE)
                .setReason(join.reason());
        join.protocols()
                .forEach((assignor, said) -> data.protocols()
                        .add(new JoinGroupRequestProtocol()
                                .setName(assignor)
                                .setMetadata(bytes(ConsumerProtocol.serializeSubscription(subscription(said))))));
        return data;
    }

    private static ApiMessage sync(SyncGroupRequest sync) {
        SyncGroupRequestData data = new SyncGroupRequestData()
                .setGroupId(sync.groupId())
                .setMemberId(sync.memberId())
                .setGroupInstanceId(sync.instanceId())
                .setGenerationId(sync.generation())
                .setProtocolType(ConsumerProtocol.PROTOCOL_TYPE)
                .setProtocolName(sync.assignor());
        sync.assignments()
                .forEach((memberId, plan) -> data.assignments()
                        .add(new SyncGroupRequestAssignment()
                                .setMemberId(memberId)
                                .setAssignment(bytes(ConsumerProtocol.serializeAssignment(
                                        new Assignment(plan.partitions(), plan.userData()))))));
        return data;
    }

    /** What a member has said, as assignors are told it. */
    public static Subscription subscription(MemberSubscription said) {
        Subscription subscription = new Subscription(
                said.topics(), said.userData(), said.owned(), said.generation(), Optional.ofNullable(said.rackId()));
        subscription.setGroupInstanceId(Optional.ofNullable(said.instanceId()));
        return subscription;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static ApiMessage heartbeat(HeartbeatRequest heartbeat) {
        return new HeartbeatRequestData()
                .setGroupId(heartbeat.groupId())
                .setMemberId(heartbeat.memberId())
                .setGroupInstanceId(heartbeat.instanceId())
                .setGenerationId(heartbeat.generation());
    }

    private static ApiMessage describe(DescribeGroupRequest describe) {
        return new DescribeGroupsRequestData().setGroups(List.of(describe.groupId()));
    }

    private static ApiMessage leave(LeaveGroupRequest leave) {
        return new LeaveGroupRequestData()
                .setGroupId(leave.groupId())
                .setMembers(List.of(
                        new MemberIdentity().setMemberId(leave.memberId()).setReason(leave.reason())));
    }

    // The consumer protocol.

    private static ApiMessage consumerHeartbeat(ConsumerGroupHeartbeatRequest heartbeat) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(heartbeat.groupId())
                .setMemberId(heartbeat.memberId())
                .setMemberEpoch(heartbeat.epoch())
                .setInstanceId(heartbeat.instanceId())
                .setRackId(heartbeat.rackId())
                .setRebalanceTimeoutMs(heartbeat.rebalanceTimeoutMs())
                .setSubscribedTopicNames(heartbeat.topics() == null ? null : List.copyOf(heartbeat.topics()))
                .setSubscribedTopicRegex(heartbeat.regex())
                .setServerAssignor(heartbeat.assignor())
                .setTopicPartitions(owned(heartbeat.owned()));
    }

    private static @Nullable List<TopicPartitions> owned(@Nullable Map<Uuid, Set<Integer>> owned) {
        return owned == null
                ? null
                : owned.entrySet().stream()
                        .map(topic -> new TopicPartitions()
                                .setTopicId(topic.getKey())
                                .setPartitions(List.copyOf(topic.getValue())))
                        .toList();
    }

    // Offsets.

    private static ApiMessage commit(OffsetCommitRequest commit) {
        OffsetCommitRequestData data = new OffsetCommitRequestData()
                .setGroupId(commit.identity().groupId())
                .setMemberId(commit.identity().memberId())
                .setGroupInstanceId(commit.identity().instanceId())
                .setGenerationIdOrMemberEpoch(commit.identity().epoch());
        Map<String, OffsetCommitRequestTopic> topics = new TreeMap<>();
        commit.offsets()
                .forEach((partition, offset) -> topics.computeIfAbsent(
                                partition.topic(), name -> new OffsetCommitRequestTopic().setName(name))
                        .partitions()
                        .add(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition.partition())
                                .setCommittedOffset(offset.offset())
                                .setCommittedLeaderEpoch(offset.leaderEpoch().orElse(NO_LEADER_EPOCH))
                                .setCommittedMetadata(offset.metadata())));
        return data.setTopics(new ArrayList<>(topics.values()));
    }

    private static ApiMessage fetchOffsets(OffsetFetchRequest fetch) {
        Map<String, OffsetFetchRequestTopics> topics = new TreeMap<>();
        for (TopicPartition partition : fetch.partitions()) {
            topics.computeIfAbsent(partition.topic(), name -> new OffsetFetchRequestTopics().setName(name))
                    .partitionIndexes()
                    .add(partition.partition());
        }
        boolean isMember = !fetch.identity().memberId().isEmpty();
        return new OffsetFetchRequestData()
                .setRequireStable(true)
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(fetch.identity().groupId())
                        .setMemberId(isMember ? fetch.identity().memberId() : null)
                        .setMemberEpoch(fetch.identity().epoch())
                        .setTopics(new ArrayList<>(topics.values()))));
    }
}
