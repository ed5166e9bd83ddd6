package dev.surefoot.testkit.simulation.membership;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** The requests and answers of the classic protocol as Kafka's own messages, which the model coordinator speaks. */
final class MembershipMessages {
    private MembershipMessages() {}

    /** The version in which a request is sent: the newest of each API that the classic protocol changes anything in. */
    static int version(Request<?> request) {
        if (request instanceof JoinGroupRequest) {
            return 9;
        }
        if (request instanceof SyncGroupRequest || request instanceof LeaveGroupRequest) {
            return 5;
        }
        return 4;
    }

    static ApiMessage message(Request<?> request) {
        if (request instanceof FindCoordinatorRequest find) {
            return new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of(find.groupId()));
        }
        if (request instanceof JoinGroupRequest join) {
            return message(join);
        }
        if (request instanceof SyncGroupRequest sync) {
            return message(sync);
        }
        if (request instanceof HeartbeatRequest heartbeat) {
            return new HeartbeatRequestData()
                    .setGroupId(heartbeat.groupId())
                    .setMemberId(heartbeat.memberId())
                    .setGroupInstanceId(heartbeat.instanceId())
                    .setGenerationId(heartbeat.generation());
        }
        LeaveGroupRequest leave = (LeaveGroupRequest) request;
        return new LeaveGroupRequestData()
                .setGroupId(leave.groupId())
                .setMembers(List.of(
                        new MemberIdentity().setMemberId(leave.memberId()).setReason(leave.reason())));
    }

    private static JoinGroupRequestData message(JoinGroupRequest join) {
        JoinGroupRequestData data = new JoinGroupRequestData()
                .setGroupId(join.groupId())
                .setMemberId(join.memberId())
                .setGroupInstanceId(join.instanceId())
                .setSessionTimeoutMs(join.sessionTimeoutMs())
                .setRebalanceTimeoutMs(join.rebalanceTimeoutMs())
                .setProtocolType("consumer")
                .setReason(join.reason());
        join.protocols()
                .forEach((assignor, said) -> data.protocols()
                        .add(new JoinGroupRequestProtocol()
                                .setName(assignor)
                                .setMetadata(bytes(ConsumerProtocol.serializeSubscription(subscription(said))))));
        return data;
    }

    private static SyncGroupRequestData message(SyncGroupRequest sync) {
        SyncGroupRequestData data = new SyncGroupRequestData()
                .setGroupId(sync.groupId())
                .setMemberId(sync.memberId())
                .setGroupInstanceId(sync.instanceId())
                .setGenerationId(sync.generation())
                .setProtocolType("consumer")
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
    static Subscription subscription(MemberSubscription said) {
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

    static Answer answer(ApiMessage message) {
        if (message instanceof FindCoordinatorResponseData found) {
            var one = found.coordinators().get(0);
            BrokerError error = BrokerError.forCode(one.errorCode());
            Node node = error == BrokerError.NONE ? new Node(one.nodeId(), one.host(), one.port()) : null;
            return new FindCoordinatorResponse(0, error, one.errorCode(), node);
        }
        if (message instanceof JoinGroupResponseData joined) {
            return answer(joined);
        }
        if (message instanceof SyncGroupResponseData synced) {
            BrokerError error = BrokerError.forCode(synced.errorCode());
            return new SyncGroupResponse(0, error, synced.errorCode(), synced.protocolName(), assignment(synced));
        }
        if (message instanceof HeartbeatResponseData beat) {
            return new HeartbeatResponse(0, BrokerError.forCode(beat.errorCode()), beat.errorCode());
        }
        LeaveGroupResponseData left = (LeaveGroupResponseData) message;
        return new LeaveGroupResponse(0, BrokerError.forCode(left.errorCode()), left.errorCode());
    }

    private static JoinGroupResponse answer(JoinGroupResponseData joined) {
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

    private static MemberAssignment assignment(SyncGroupResponseData synced) {
        if (synced.errorCode() != 0 || synced.assignment().length == 0) {
            return null;
        }
        Assignment plan = ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(synced.assignment()));
        return new MemberAssignment(plan.partitions(), plan.userData());
    }
}
