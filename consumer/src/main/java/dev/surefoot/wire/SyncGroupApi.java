package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** SyncGroup. */
final class SyncGroupApi implements BrokerApi<SyncGroupRequest, SyncGroupResponse> {
    private static final short FIRST_WITH_INSTANCE_ID = 3;
    private static final short FIRST_WITH_PROTOCOL = 5;
    private static final String PROTOCOL_TYPE = "consumer";

    @Override
    public ApiKeys key() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public short version(SyncGroupRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.SYNC_GROUP);
    }

    @Override
    public RequestBody body(SyncGroupRequest request, WireSettings settings, short version) {
        SyncGroupRequestData data = new SyncGroupRequestData()
                .setGroupId(request.groupId())
                .setMemberId(request.memberId())
                .setGenerationId(request.generation());
        if (version >= FIRST_WITH_INSTANCE_ID) {
            data.setGroupInstanceId(request.instanceId());
        }
        if (version >= FIRST_WITH_PROTOCOL) {
            data.setProtocolType(PROTOCOL_TYPE).setProtocolName(request.assignor());
        }
        request.assignments()
                .forEach((memberId, assignment) -> data.assignments()
                        .add(new SyncGroupRequestAssignment()
                                .setMemberId(memberId)
                                .setAssignment(
                                        ConsumerProtocolCodec.write(assignment).array())));
        return RequestBody.of(data, version);
    }

    @Override
    public SyncGroupResponse read(SyncGroupRequest request, Response response) {
        SyncGroupResponseData data = new SyncGroupResponseData(response.readable(), response.version());
        BrokerError error = BrokerError.forCode(data.errorCode());
        return new SyncGroupResponse(
                data.throttleTimeMs(),
                error,
                data.errorCode(),
                data.protocolName(),
                error == BrokerError.NONE ? ConsumerProtocolCodec.readAssignment(data.assignment()) : null);
    }
}
