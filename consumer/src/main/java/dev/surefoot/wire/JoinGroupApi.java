package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.handover.MemberSubscription;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** JoinGroup. */
final class JoinGroupApi implements BrokerApi<JoinGroupRequest, JoinGroupResponse> {
    /** Static membership (KIP-345). */
    private static final short FIRST_WITH_INSTANCE_ID = 5;

    private static final short FIRST_WITH_REASON = 8;
    private static final String PROTOCOL_TYPE = "consumer";

    @Override
    public ApiKeys key() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public short version(JoinGroupRequest request, NegotiatedVersions versions) {
        return request.instanceId() == null
                ? versions.highest(ApiKeys.JOIN_GROUP)
                : versions.highest(ApiKeys.JOIN_GROUP, FIRST_WITH_INSTANCE_ID);
    }

    @Override
    public RequestBody body(JoinGroupRequest request, WireSettings settings, short version) {
        JoinGroupRequestData data = new JoinGroupRequestData()
                .setGroupId(request.groupId())
                .setMemberId(request.memberId())
                .setSessionTimeoutMs(request.sessionTimeoutMs())
                .setRebalanceTimeoutMs(request.rebalanceTimeoutMs())
                .setProtocolType(PROTOCOL_TYPE);
        if (version >= FIRST_WITH_INSTANCE_ID) {
            data.setGroupInstanceId(request.instanceId());
        }
        if (version >= FIRST_WITH_REASON) {
            data.setReason(request.reason());
        }
        // A Collection to the compiler: the class that declares this one's own add has moved within Kafka.
        Collection<JoinGroupRequestProtocol> protocols = data.protocols();
        request.protocols()
                .forEach((assignor, subscription) -> protocols.add(new JoinGroupRequestProtocol()
                        .setName(assignor)
                        .setMetadata(ConsumerProtocolCodec.write(subscription).array())));
        return RequestBody.of(data, version);
    }

    @Override
    public JoinGroupResponse read(JoinGroupRequest request, Response response) {
        JoinGroupResponseData data = new JoinGroupResponseData(response.readable(), response.version());
        Map<String, MemberSubscription> members = new LinkedHashMap<>();
        for (var member : data.members()) {
            members.put(
                    member.memberId(),
                    ConsumerProtocolCodec.readSubscription(member.metadata(), member.groupInstanceId()));
        }
        return new JoinGroupResponse(
                data.throttleTimeMs(),
                BrokerError.forCode(data.errorCode()),
                data.errorCode(),
                data.generationId(),
                data.protocolType(),
                data.protocolName(),
                data.leader(),
                data.memberId(),
                data.skipAssignment(),
                members);
    }
}
