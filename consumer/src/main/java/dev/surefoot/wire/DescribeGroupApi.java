package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeGroups, of one group. */
final class DescribeGroupApi implements BrokerApi<DescribeGroupRequest, DescribeGroupResponse> {
    /** The state of a group of which every member has its assignment. */
    private static final String STABLE = "Stable";

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public short version(DescribeGroupRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.DESCRIBE_GROUPS);
    }

    @Override
    public RequestBody body(DescribeGroupRequest request, WireSettings settings, short version) {
        return RequestBody.of(new DescribeGroupsRequestData().setGroups(List.of(request.groupId())), version);
    }

    /** @throws MalformedResponseException if the group is missing, or an assignment cannot be read */
    @Override
    public DescribeGroupResponse read(DescribeGroupRequest request, Response response) {
        DescribeGroupsResponseData data = new DescribeGroupsResponseData(response.readable(), response.version());
        for (DescribedGroup group : data.groups()) {
            if (group.groupId().equals(request.groupId())) {
                return new DescribeGroupResponse(
                        data.throttleTimeMs(),
                        BrokerError.forCode(group.errorCode()),
                        group.errorCode(),
                        group.groupState().equals(STABLE),
                        assigned(group));
            }
        }
        throw new MalformedResponseException("the answer to DescribeGroups lacks group '" + request.groupId() + "'");
    }

    private static Set<TopicPartition> assigned(DescribedGroup group) {
        Set<TopicPartition> assigned = new HashSet<>();
        group.members()
                .forEach(member -> assigned.addAll(ConsumerProtocolCodec.readAssignment(member.memberAssignment())
                        .partitions()));
        return assigned;
    }
}
