package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** JoinGroup and SyncGroup as messages, with what members and leaders say in them. */
final class JoinMessages {
    private static final String CONSUMER = "consumer";

    private JoinMessages() {}

    static ApiMessage message(JoinGroupRequest join) {
        JoinGroupRequestData data = new JoinGroupRequestData()
                .setGroupId(join.groupId())
                .setMemberId(join.memberId())
                .setGroupInstanceId(join.instanceId())
                .setSessionTimeoutMs(join.sessionTimeoutMs())
                .setRebalanceTimeoutMs(join.rebalanceTimeoutMs())
                .setProtocolType(CONSUMER)
                .setReason(join.reason());
        join.protocols()
                .forEach((assignor, said) -> data.protocols()
                        .add(new JoinGroupRequestProtocol()
                                .setName(assignor)
                                .setMetadata(bytes(ConsumerProtocol.serializeSubscription(subscription(said))))));
        return data;
    }

    static ApiMessage message(SyncGroupRequest sync) {
        SyncGroupRequestData data = new SyncGroupRequestData()
                .setGroupId(sync.groupId())
                .setMemberId(sync.memberId())
                .setGroupInstanceId(sync.instanceId())
                .setGenerationId(sync.generation())
                .setProtocolType(CONSUMER)
                .setProtocolName(sync.assignor());
        sync.assignments()
                .forEach((memberId, plan) -> data.assignments()
                        .add(new SyncGroupRequestAssignment()
                                .setMemberId(memberId)
                                .setAssignment(bytes(ConsumerProtocol.serializeAssignment(
                                        new Assignment(plan.partitions(), plan.userData()))))));
        return data;
    }

    private static Subscription subscription(MemberSubscription said) {
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

    static Answer joined(ApiMessage message) {
        JoinGroupResponseData joined = (JoinGroupResponseData) message;
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

    static Answer synced(ApiMessage message) {
        SyncGroupResponseData synced = (SyncGroupResponseData) message;
        MemberAssignment assignment = null;
        if (synced.errorCode() == 0 && synced.assignment().length > 0) {
            Assignment plan = ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(synced.assignment()));
            assignment = new MemberAssignment(plan.partitions(), plan.userData());
        }
        return new SyncGroupResponse(
                0, BrokerError.forCode(synced.errorCode()), synced.errorCode(), synced.protocolName(), assignment);
    }
}
