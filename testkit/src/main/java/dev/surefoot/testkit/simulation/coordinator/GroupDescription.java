package dev.surefoot.testkit.simulation.coordinator;

import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.jspecify.annotations.Nullable;

/** What DescribeGroups says of a classic group. */
final class GroupDescription {
    private GroupDescription() {}

    /** What members offer and hold is shown of a stable group only. */
    static DescribedGroup of(String groupId, ClassicRebalance rebalance, ClassicMembers members) {
        String protocol = rebalance.isIn(ClassicState.STABLE) ? rebalance.protocolName() : null;
        String type = rebalance.protocolType();
        DescribedGroup described = new DescribedGroup()
                .setGroupId(groupId)
                .setGroupState(state(rebalance.state()).toString())
                .setProtocolType(type == null ? "" : type)
                .setProtocolData(protocol == null ? "" : protocol);
        members.all().forEach(member -> described.members().add(member(member, protocol)));
        return described;
    }

    private static DescribedGroupMember member(ClassicMember member, @Nullable String protocol) {
        DescribedGroupMember described =
                new DescribedGroupMember().setMemberId(member.id).setGroupInstanceId(member.instanceId);
        return protocol == null
                ? described
                : described
                        .setMemberMetadata(member.metadata(protocol).get())
                        .setMemberAssignment(member.assignment.get());
    }

    private static GroupState state(ClassicState state) {
        return switch (state) {
            case EMPTY -> GroupState.EMPTY;
            case PREPARING -> GroupState.PREPARING_REBALANCE;
            case COMPLETING -> GroupState.COMPLETING_REBALANCE;
            case STABLE -> GroupState.STABLE;
            case DEAD -> GroupState.DEAD;
        };
    }
}
