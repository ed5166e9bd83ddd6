package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** The model coordinator's answers, in the versions of {@link GroupRequestMessages}, as members are given them. */
public final class GroupAnswerMessages {
    private GroupAnswerMessages() {}

    /** The answer to a request of this class. */
    public static <A extends Answer> A answer(Request<A> request, ApiMessage message) {
        return request.answerType().cast(answer(message));
    }

    private static Answer answer(ApiMessage message) {
        return switch (ApiKeys.forId(message.apiKey())) {
            case FIND_COORDINATOR -> found((FindCoordinatorResponseData) message);
            case JOIN_GROUP -> joined((JoinGroupResponseData) message);
            case SYNC_GROUP -> synced((SyncGroupResponseData) message);
            case HEARTBEAT -> {
                short code = ((HeartbeatResponseData) message).errorCode();
                yield new HeartbeatResponse(0, BrokerError.forCode(code), code);
            }
            case LEAVE_GROUP -> left((LeaveGroupResponseData) message);
            case DESCRIBE_GROUPS -> described((DescribeGroupsResponseData) message);
            case CONSUMER_GROUP_HEARTBEAT -> heartbeat((ConsumerGroupHeartbeatResponseData) message);
            case OFFSET_COMMIT -> committed((OffsetCommitResponseData) message);
            case OFFSET_FETCH -> fetched((OffsetFetchResponseData) message);
            default -> throw new IllegalArgumentException("not of a group coordinator: " + message);
        };
    }

    private static FindCoordinatorResponse found(FindCoordinatorResponseData found) {
        var one = found.coordinators().get(0);
        BrokerError error = BrokerError.forCode(one.errorCode());
        Node node = error == BrokerError.NONE ? new Node(one.nodeId(), one.host(), one.port()) : null;
        return new FindCoordinatorResponse(0, error, one.errorCode(), node);
    }

    // The classic protocol.

    private static JoinGroupResponse joined(JoinGroupResponseData joined) {
        Map<String, MemberSubscription> members = new LinkedHashMap<>();
        joined.members().forEach(member -> {
            Subscription said = ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(member.metadata()));
            members.put(
                    member.memberId(),
                    new MemberSubscription(
                            said.topics(),
                            said.userData(),
                            said.ownedPartitions(),
                            said.generationId().orElse(-1),
                            said.rackId().orElse(null),
                            member.groupInstanceId()));
        });
        return new JoinGroupResponse(
                0,
                BrokerError.forCode(joined.errorCode()),
                joined.errorCode(),
                joined.generationId(),
                joined.protocolType(),
                joined.protocolName(),
                joined.leader(),
                joined.memberId(),
                joined.skipAssignment(),
                members);
    }

    private static SyncGroupResponse synced(SyncGroupResponseData synced) {
        BrokerError error = BrokerError.forCode(synced.errorCode());
        return new SyncGroupResponse(0, error, synced.errorCode(), synced.protocolName(), assignment(synced));
    }

    /** The error of the one member that has left, if there is none of the group. */
    private static LeaveGroupResponse left(LeaveGroupResponseData left) {
        boolean whole = left.errorCode() != 0 || left.members().isEmpty();
        short code = whole ? left.errorCode() : left.members().get(0).errorCode();
        return new LeaveGroupResponse(0, BrokerError.forCode(code), code);
    }

    private static @Nullable MemberAssignment assignment(SyncGroupResponseData synced) {
        return synced.errorCode() == 0 ? assignment(synced.assignment()) : null;
    }

    private static @Nullable MemberAssignment assignment(byte[] written) {
        if (written.length == 0) {
            return null;
        }
        Assignment plan = ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(written));
        return new MemberAssignment(plan.partitions(), plan.userData());
    }

    private static DescribeGroupResponse described(DescribeGroupsResponseData described) {
        var group = described.groups().get(0);
        Set<TopicPartition> assigned = new HashSet<>();
        group.members().forEach(member -> {
            MemberAssignment part = assignment(member.memberAssignment());
            if (part != null) {
                assigned.addAll(part.partitions());
            }
        });
        return new DescribeGroupResponse(
                0,
                BrokerError.forCode(group.errorCode()),
                group.errorCode(),
                group.groupState().equals(GroupState.STABLE.toString()),
                assigned);
    }

    // The consumer protocol.

    private static ConsumerGroupHeartbeatResponse heartbeat(ConsumerGroupHeartbeatResponseData data) {
        Map<Uuid, Set<Integer>> assignment = null;
        if (data.assignment() != null) {
            assignment = new LinkedHashMap<>();
            for (var topic : data.assignment().topicPartitions()) {
                assignment.put(topic.topicId(), new TreeSet<>(topic.partitions()));
            }
        }
        return new ConsumerGroupHeartbeatResponse(
                data.throttleTimeMs(),
                BrokerError.forCode(data.errorCode()),
                data.errorCode(),
                data.errorMessage(),
                data.memberId(),
                data.memberEpoch(),
                data.heartbeatIntervalMs(),
                assignment);
    }

    // Offsets.

    private static OffsetCommitResponse committed(OffsetCommitResponseData data) {
        Map<TopicPartition, Stored> partitions = new LinkedHashMap<>();
        data.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> partitions.put(
                                new TopicPartition(topic.name(), partition.partitionIndex()),
                                new Stored(BrokerError.forCode(partition.errorCode()), partition.errorCode()))));
        return new OffsetCommitResponse(0, partitions);
    }

    private static OffsetFetchResponse fetched(OffsetFetchResponseData data) {
        var group = data.groups().get(0);
        Map<TopicPartition, Found> partitions = new LinkedHashMap<>();
        group.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> partitions.put(
                                new TopicPartition(topic.name(), partition.partitionIndex()),
                                new Found(
                                        BrokerError.forCode(partition.errorCode()),
                                        partition.errorCode(),
                                        partition.committedOffset(),
                                        partition.committedLeaderEpoch(),
                                        partition.metadata()))));
        return new OffsetFetchResponse(0, BrokerError.forCode(group.errorCode()), group.errorCode(), partitions);
    }
}
