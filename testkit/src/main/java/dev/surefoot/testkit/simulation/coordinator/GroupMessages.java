package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** Between the client's requests and answers of groups and Kafka's own messages, which the model speaks. */
public final class GroupMessages {
    /** How the requests of one class become messages, and messages answers. */
    private record Api<R>(
            Class<R> request, int version, Function<R, ApiMessage> asked, BiFunction<R, ApiMessage, Answer> answered) {
        ApiMessage asked(Request<?> sent) {
            return asked.apply(request.cast(sent));
        }

        Answer answered(Request<?> sent, ApiMessage message) {
            return answered.apply(request.cast(sent), message);
        }
    }

    private static final Map<Class<?>, Api<?>> APIS = new HashMap<>();

    static {
        enter(FindCoordinatorRequest.class, 6, GroupMessages::message, (asked, message) -> found(message));
        enter(JoinGroupRequest.class, 9, JoinMessages::message, (asked, message) -> JoinMessages.joined(message));
        enter(SyncGroupRequest.class, 5, JoinMessages::message, (asked, message) -> JoinMessages.synced(message));
        enter(HeartbeatRequest.class, 4, GroupMessages::message, (asked, message) -> heard(message));
        enter(LeaveGroupRequest.class, 5, GroupMessages::message, (asked, message) -> left(message));
        enter(ConsumerGroupHeartbeatRequest.class, 1, GroupMessages::message, (asked, message) -> told(message));
        enter(OffsetCommitRequest.class, 9, GroupMessages::message, (asked, message) -> stored(message));
        enter(OffsetFetchRequest.class, 9, GroupMessages::message, (asked, message) -> offsets(message));
    }

    private GroupMessages() {}

    private static <R> void enter(
            Class<R> request, int version, Function<R, ApiMessage> asked, BiFunction<R, ApiMessage, Answer> answered) {
        APIS.put(request, new Api<>(request, version, asked, answered));
    }

    private static Api<?> api(Request<?> request) {
        Api<?> api = APIS.get(request.getClass());
        if (api == null) {
            throw new IllegalArgumentException("not for a group coordinator: " + request);
        }
        return api;
    }

    /** The version in which a request is sent: the newest that names topics by name. */
    public static int version(Request<?> request) {
        return api(request).version();
    }

    /** Returns a request as a message. */
    public static ApiMessage message(Request<?> request) {
        return api(request).asked(request);
    }

    /** Returns a message as the answer to the request. */
    public static Answer answer(Request<?> request, ApiMessage message) {
        return api(request).answered(request, message);
    }

    private static ApiMessage message(FindCoordinatorRequest find) {
        return new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of(find.groupId()));
    }

    private static ApiMessage message(HeartbeatRequest heartbeat) {
        return new HeartbeatRequestData()
                .setGroupId(heartbeat.groupId())
                .setMemberId(heartbeat.memberId())
                .setGroupInstanceId(heartbeat.instanceId())
                .setGenerationId(heartbeat.generation());
    }

    private static ApiMessage message(LeaveGroupRequest leave) {
        return new LeaveGroupRequestData()
                .setGroupId(leave.groupId())
                .setMembers(List.of(
                        new MemberIdentity().setMemberId(leave.memberId()).setReason(leave.reason())));
    }

    private static ApiMessage message(ConsumerGroupHeartbeatRequest heartbeat) {
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
                .setTopicPartitions(owned(heartbeat));
    }

    private static @Nullable List<ConsumerGroupHeartbeatRequestData.TopicPartitions> owned(
            ConsumerGroupHeartbeatRequest heartbeat) {
        return heartbeat.owned() == null
                ? null
                : heartbeat.owned().entrySet().stream()
                        .map(topic -> new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                                .setTopicId(topic.getKey())
                                .setPartitions(List.copyOf(topic.getValue())))
                        .toList();
    }

    private static ApiMessage message(OffsetCommitRequest commit) {
        Map<String, OffsetCommitRequestTopic> topics = new LinkedHashMap<>();
        commit.offsets()
                .forEach((partition, offset) -> topics.computeIfAbsent(
                                partition.topic(), name -> new OffsetCommitRequestTopic().setName(name))
                        .partitions()
                        .add(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition.partition())
                                .setCommittedOffset(offset.offset())
                                .setCommittedLeaderEpoch(offset.leaderEpoch().orElse(-1))
                                .setCommittedMetadata(offset.metadata())));
        return new OffsetCommitRequestData()
                .setGroupId(commit.identity().groupId())
                .setMemberId(commit.identity().memberId())
                .setGenerationIdOrMemberEpoch(commit.identity().epoch())
                .setGroupInstanceId(commit.identity().instanceId())
                .setTopics(new ArrayList<>(topics.values()));
    }

    private static ApiMessage message(OffsetFetchRequest fetch) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        fetch.partitions()
                .forEach(partition -> topics.computeIfAbsent(partition.topic(), name -> new ArrayList<>())
                        .add(partition.partition()));
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup()
                .setGroupId(fetch.identity().groupId())
                .setTopics(topics.entrySet().stream()
                        .map(topic -> new OffsetFetchRequestTopics()
                                .setName(topic.getKey())
                                .setPartitionIndexes(topic.getValue()))
                        .toList());
        if (!fetch.identity().memberId().isEmpty()) {
            group.setMemberId(fetch.identity().memberId())
                    .setMemberEpoch(fetch.identity().epoch());
        }
        return new OffsetFetchRequestData().setRequireStable(true).setGroups(List.of(group));
    }

    private static Answer found(ApiMessage message) {
        var one = ((FindCoordinatorResponseData) message).coordinators().get(0);
        BrokerError error = BrokerError.forCode(one.errorCode());
        Node node = error == BrokerError.NONE ? new Node(one.nodeId(), one.host(), one.port()) : null;
        return new FindCoordinatorResponse(0, error, one.errorCode(), node);
    }

    private static Answer heard(ApiMessage message) {
        short code = ((HeartbeatResponseData) message).errorCode();
        return new HeartbeatResponse(0, BrokerError.forCode(code), code);
    }

    private static Answer left(ApiMessage message) {
        LeaveGroupResponseData left = (LeaveGroupResponseData) message;
        boolean whole = left.errorCode() != 0 || left.members().isEmpty();
        short code = whole ? left.errorCode() : left.members().get(0).errorCode();
        return new LeaveGroupResponse(0, BrokerError.forCode(code), code);
    }

    private static Answer told(ApiMessage message) {
        ConsumerGroupHeartbeatResponseData told = (ConsumerGroupHeartbeatResponseData) message;
        Map<Uuid, java.util.Set<Integer>> assignment = null;
        if (told.assignment() != null) {
            assignment = new LinkedHashMap<>();
            for (var topic : told.assignment().topicPartitions()) {
                assignment.put(topic.topicId(), new TreeSet<>(topic.partitions()));
            }
        }
        return new ConsumerGroupHeartbeatResponse(
                0,
                BrokerError.forCode(told.errorCode()),
                told.errorCode(),
                told.errorMessage(),
                told.memberId(),
                told.memberEpoch(),
                told.heartbeatIntervalMs(),
                assignment);
    }

    private static Answer stored(ApiMessage message) {
        Map<TopicPartition, Stored> stored = new LinkedHashMap<>();
        for (var topic : ((OffsetCommitResponseData) message).topics()) {
            for (var partition : topic.partitions()) {
                stored.put(
                        new TopicPartition(topic.name(), partition.partitionIndex()),
                        new Stored(BrokerError.forCode(partition.errorCode()), partition.errorCode()));
            }
        }
        return new OffsetCommitResponse(0, stored);
    }

    private static Answer offsets(ApiMessage message) {
        OffsetFetchResponseGroup group =
                ((OffsetFetchResponseData) message).groups().get(0);
        Map<TopicPartition, Found> found = new LinkedHashMap<>();
        for (var topic : group.topics()) {
            for (var partition : topic.partitions()) {
                found.put(
                        new TopicPartition(topic.name(), partition.partitionIndex()),
                        new Found(
                                BrokerError.forCode(partition.errorCode()),
                                partition.errorCode(),
                                partition.committedOffset(),
                                partition.committedLeaderEpoch(),
                                partition.metadata()));
            }
        }
        return new OffsetFetchResponse(0, BrokerError.forCode(group.errorCode()), group.errorCode(), found);
    }
}
