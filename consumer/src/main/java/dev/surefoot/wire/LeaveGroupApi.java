package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** LeaveGroup. */
final class LeaveGroupApi implements BrokerApi<LeaveGroupRequest, LeaveGroupResponse> {
    /** The first version in which several members may leave, and errors belong to members. */
    private static final short FIRST_WITH_MEMBERS = 3;

    private static final short FIRST_WITH_REASON = 5;

    @Override
    public ApiKeys key() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public short version(LeaveGroupRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.LEAVE_GROUP);
    }

    @Override
    public RequestBody body(LeaveGroupRequest request, WireSettings settings, short version) {
        LeaveGroupRequestData data = new LeaveGroupRequestData().setGroupId(request.groupId());
        if (version < FIRST_WITH_MEMBERS) {
            return RequestBody.of(data.setMemberId(request.memberId()), version);
        }
        MemberIdentity member = new MemberIdentity().setMemberId(request.memberId());
        if (version >= FIRST_WITH_REASON) {
            member.setReason(request.reason());
        }
        data.members().add(member);
        return RequestBody.of(data, version);
    }

    @Override
    public LeaveGroupResponse read(LeaveGroupRequest request, Response response) {
        LeaveGroupResponseData data = new LeaveGroupResponseData(response.readable(), response.version());
        short errorCode = data.errorCode();
        for (var member : data.members()) {
            errorCode = errorCode == BrokerError.NONE.code() ? member.errorCode() : errorCode;
        }
        return new LeaveGroupResponse(data.throttleTimeMs(), BrokerError.forCode(errorCode), errorCode);
    }
}
