package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Heartbeat. */
final class HeartbeatApi implements BrokerApi<HeartbeatRequest, HeartbeatResponse> {
    private static final short FIRST_WITH_INSTANCE_ID = 3;

    @Override
    public ApiKeys key() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public short version(HeartbeatRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.HEARTBEAT);
    }

    @Override
    public RequestBody body(HeartbeatRequest request, WireSettings settings, short version) {
        HeartbeatRequestData data = new HeartbeatRequestData()
                .setGroupId(request.groupId())
                .setMemberId(request.memberId())
                .setGenerationId(request.generation());
        if (version >= FIRST_WITH_INSTANCE_ID) {
            data.setGroupInstanceId(request.instanceId());
        }
        return RequestBody.of(data, version);
    }

    @Override
    public HeartbeatResponse read(HeartbeatRequest request, Response response) {
        HeartbeatResponseData data = new HeartbeatResponseData(response.readable(), response.version());
        return new HeartbeatResponse(data.throttleTimeMs(), BrokerError.forCode(data.errorCode()), data.errorCode());
    }
}
