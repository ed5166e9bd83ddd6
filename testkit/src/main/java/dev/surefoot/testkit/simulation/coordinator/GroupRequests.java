package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.GroupOffsets.NamedTopic;
import dev.surefoot.testkit.simulation.coordinator.GroupOffsets.PartitionOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.jspecify.annotations.Nullable;

/** Takes each request to the group it is for. */
final class GroupRequests {
    /** Since this version LeaveGroup names several members. */
    private static final int SEVERAL_MEMBERS = 3;
    /** Since this version SyncGroup has to name the protocol. */
    private static final int PROTOCOL_NAMED = 5;
    /** Since this version a commit for a group that is not there is answered 69. */
    private static final int GROUP_NOT_FOUND = 9;
    /** Since this version OffsetFetch names topics by id. */
    private static final int TOPIC_IDS = 10;

    private final GroupContext context;
    private final GroupOffsets offsets;

    GroupRequests(GroupContext context, GroupOffsets offsets) {
        this.context = context;
        this.offsets = offsets;
    }

    void receive(ApiMessage request, Caller caller, @Nullable Node host, GroupReply reply) {
        switch (ApiKeys.forId(request.apiKey())) {
            case FIND_COORDINATOR ->
                reply.answer(findCoordinator((FindCoordinatorRequestData) request, caller.version(), host));
            case JOIN_GROUP -> join((JoinGroupRequestData) request, caller, reply);
            case SYNC_GROUP -> sync((SyncGroupRequestData) request, caller, reply);
            case HEARTBEAT ->
                reply.answer(new HeartbeatResponseData()
                        .setErrorCode(heartbeat((HeartbeatRequestData) request, caller)
                                .code()));
            case LEAVE_GROUP -> reply.answer(leave((LeaveGroupRequestData) request, caller));
            case DESCRIBE_GROUPS -> reply.answer(describe((DescribeGroupsRequestData) request));
            case CONSUMER_GROUP_HEARTBEAT ->
                reply.answer(consumerGroupHeartbeat((ConsumerGroupHeartbeatRequestData) request, caller));
            case OFFSET_COMMIT -> reply.answer(commit((OffsetCommitRequestData) request, caller));
            case TXN_OFFSET_COMMIT -> reply.answer(commit((TxnOffsetCommitRequestData) request, caller));
            case OFFSET_FETCH -> reply.answer(fetch((OffsetFetchRequestData) request, caller.version()));
            default -> throw new IllegalArgumentException("not for a group coordinator: " + request);
        }
    }

    private static ApiMessage findCoordinator(FindCoordinatorRequestData request, int version, @Nullable Node host) {
        if (request.keyType() != CoordinatorType.GROUP.id()) {
            return GroupAnswers.refusal(request, version, Errors.INVALID_REQUEST);
        }
        if (host == null) {
            return GroupAnswers.refusal(request, version, Errors.COORDINATOR_NOT_AVAILABLE);
        }
        return GroupAnswers.coordinators(request, version, Errors.NONE, host.id(), host.host(), host.port());
    }

    // Membership.

    private void join(JoinGroupRequestData request, Caller caller, GroupReply reply) {
        GroupSettings settings = context.settings();
        JoinGroupResponseData refusal = new JoinGroupResponseData().setMemberId(request.memberId());
        Group group = context.groups().get(request.groupId());
        if (request.groupId().isEmpty()) {
            reply.answer(refusal.setErrorCode(Errors.INVALID_GROUP_ID.code()));
        } else if (request.sessionTimeoutMs() < settings.minSessionTimeoutMs()
                || request.sessionTimeoutMs() > settings.maxSessionTimeoutMs()) {
            reply.answer(refusal.setErrorCode(Errors.INVALID_SESSION_TIMEOUT.code()));
        } else if (group != null) {
            group.join(request, caller, reply);
        } else if (request.memberId().isEmpty()) {
            Errors failure =
                    context.journal().writeGroup(request.groupId(), StoredClassicGroup.empty(request.groupId()));
            if (failure == Errors.NONE) {
                createClassic(request.groupId()).join(request, caller, reply);
            } else {
                reply.answer(refusal.setErrorCode(failure.code()));
            }
        } else {
            reply.answer(refusal.setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
        }
    }

    private ClassicGroup createClassic(String groupId) {
        ClassicGroup group = new ClassicGroup(groupId, context);
        context.groups().put(groupId, group);
        return group;
    }

    private void sync(SyncGroupRequestData request, Caller caller, GroupReply reply) {
        Group group = context.groups().get(request.groupId());
        Errors error = Errors.NONE;
        if (caller.version() >= PROTOCOL_NAMED && (request.protocolType() == null || request.protocolName() == null)) {
            error = Errors.INCONSISTENT_GROUP_PROTOCOL;
        } else if (request.groupId().isEmpty()) {
            error = Errors.INVALID_GROUP_ID;
        } else if (group == null) {
            error = Errors.UNKNOWN_MEMBER_ID;
        }
        if (error != Errors.NONE || group == null) {
            reply.answer(new SyncGroupResponseData().setErrorCode(error.code()));
        } else {
            group.sync(request, caller, reply);
        }
    }

    private Errors heartbeat(HeartbeatRequestData request, Caller caller) {
        if (request.groupId().isEmpty()) {
            return Errors.INVALID_GROUP_ID;
        }
        Group group = context.groups().get(request.groupId());
        return group == null ? Errors.UNKNOWN_MEMBER_ID : group.heartbeat(request, caller);
    }

    private LeaveGroupResponseData leave(LeaveGroupRequestData request, Caller caller) {
        if (request.groupId().isEmpty()) {
            return new LeaveGroupResponseData().setErrorCode(Errors.INVALID_GROUP_ID.code());
        }
        List<MemberIdentity> members = caller.version() >= SEVERAL_MEMBERS
                ? request.members()
                : List.of(new MemberIdentity().setMemberId(request.memberId()));
        Group group = context.groups().get(request.groupId());
        List<MemberResponse> answers = group != null
                ? group.leave(members, caller)
                : members.stream()
                        .map(member -> new MemberResponse()
                                .setMemberId(member.memberId())
                                .setGroupInstanceId(member.groupInstanceId())
                                .setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()))
                        .toList();
        return new LeaveGroupResponseData().setMembers(answers);
    }

    private DescribeGroupsResponseData describe(DescribeGroupsRequestData request) {
        List<DescribedGroup> described = new ArrayList<>();
        for (String id : request.groups()) {
            Group group = context.groups().get(id);
            DescribedGroup found = group == null ? null : group.describe();
            described.add(
                    found != null
                            ? found
                            : new DescribedGroup()
                                    .setGroupId(id)
                                    .setGroupState(GroupState.DEAD.toString())
                                    .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code()));
        }
        return new DescribeGroupsResponseData().setGroups(described);
    }

    // Membership by KIP-848.

    private ApiMessage consumerGroupHeartbeat(ConsumerGroupHeartbeatRequestData request, Caller caller) {
        try {
            HeartbeatChecks.check(request, caller.version(), context);
            Group known = context.groups().get(request.groupId());
            ConsumerGroup group = consumerGroup(request, known);
            ConsumerGroupHeartbeatResponseData answer = group.serve(request, caller.nowMs());
            if (group != known) {
                if (known != null) {
                    known.unload(Errors.NOT_COORDINATOR);
                }
                context.groups().put(group.id(), group);
            }
            return answer;
        } catch (ApiException e) {
            return GroupAnswers.refusal(request, caller.version(), Errors.forException(e));
        }
    }

    /** The group that serves a heartbeat: a new one if a member joins where there is none, or an empty classic one. */
    private ConsumerGroup consumerGroup(ConsumerGroupHeartbeatRequestData request, @Nullable Group known) {
        if (known instanceof ConsumerGroup group) {
            return group;
        }
        if (request.memberEpoch() != 0 || (known != null && !known.isEmpty())) {
            throw Errors.GROUP_ID_NOT_FOUND.exception("no KIP-848 group " + request.groupId());
        }
        return new ConsumerGroup(request.groupId(), context);
    }

    // Offsets.

    private ApiMessage commit(OffsetCommitRequestData request, Caller caller) {
        CommitClaim identity = new CommitClaim(
                request.memberId(),
                request.groupInstanceId(),
                request.generationIdOrMemberEpoch(),
                caller.version(),
                false,
                Set.of());
        return OffsetMessages.commitAnswer(offsets.commit(
                request.groupId(),
                OffsetStore.NO_PRODUCER,
                identity,
                OffsetMessages.offsets(request),
                caller.nowMs(),
                claim -> admitted(request.groupId(), claim, caller.nowMs())));
    }

    private ApiMessage commit(TxnOffsetCommitRequestData request, Caller caller) {
        CommitClaim identity = new CommitClaim(
                request.memberId(),
                request.groupInstanceId(),
                request.generationId(),
                caller.version(),
                true,
                Set.of());
        if (request.groupId().isEmpty()) {
            return GroupAnswers.refusal(request, caller.version(), Errors.INVALID_GROUP_ID);
        }
        return OffsetMessages.transactionalCommitAnswer(offsets.commit(
                request.groupId(),
                request.producerId(),
                identity,
                OffsetMessages.offsets(request),
                caller.nowMs(),
                claim -> admitted(request.groupId(), claim, caller.nowMs())));
    }

    private Errors admitted(String groupId, CommitClaim claim, long nowMs) {
        Group group = context.groups().get(groupId);
        if (group == null) {
            if (claim.generationOrEpoch() >= 0) {
                boolean told = !claim.transactional() && claim.version() >= GROUP_NOT_FOUND;
                return told ? Errors.GROUP_ID_NOT_FOUND : Errors.ILLEGAL_GENERATION;
            }
            group = createClassic(groupId);
        }
        Errors refusal = group.commitRefusal(claim);
        if (refusal == Errors.NONE) {
            group.recordCommit(claim, nowMs);
        }
        return refusal == Errors.STALE_MEMBER_EPOCH && claim.transactional() ? Errors.ILLEGAL_GENERATION : refusal;
    }

    private ApiMessage fetch(OffsetFetchRequestData request, int version) {
        List<OffsetFetchResponseGroup> answers = new ArrayList<>();
        for (OffsetFetchRequestGroup asked : OffsetMessages.groups(request, version)) {
            Group group = context.groups().get(asked.groupId());
            String memberId = asked.memberId() == null ? "" : asked.memberId();
            Errors refusal = group == null ? Errors.NONE : group.fetchRefusal(memberId, asked.memberEpoch());
            answers.add(
                    refusal == Errors.NONE
                            ? OffsetMessages.fetchAnswer(
                                    asked.groupId(), fetch(asked, version, request.requireStable()))
                            : OffsetMessages.fetchRefused(asked, refusal, version));
        }
        return OffsetMessages.fetchAnswer(answers, version);
    }

    private List<PartitionOffset> fetch(OffsetFetchRequestGroup asked, int version, boolean requireStable) {
        if (asked.topics() == null) {
            return offsets.fetchAll(asked.groupId(), version >= TOPIC_IDS, requireStable);
        }
        List<PartitionOffset> found = new ArrayList<>();
        asked.topics()
                .forEach(topic -> topic.partitionIndexes()
                        .forEach(index -> found.add(offsets.fetch(
                                asked.groupId(),
                                new NamedTopic(topic.name(), topic.topicId()),
                                index,
                                requireStable))));
        return found;
    }
}
