package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.ClassicMember.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** A group of the classic protocol: which request is taken, and what it sets off. */
final class ClassicGroup implements Group {
    /** Since this version of JoinGroup a new member has to join with an id that the coordinator made (KIP-394). */
    private static final int KNOWN_ID_REQUIRED = 4;
    /** Since this version of JoinGroup a leader may be told to leave the assignment as it is (KIP-814). */
    private static final int SKIPS_ASSIGNMENT = 9;

    private final String id;
    private final GroupContext context;
    private final ClassicMembers members;
    private final ClassicRebalance rebalance;

    ClassicGroup(String id, GroupContext context) {
        this.id = id;
        this.context = context;
        this.members = new ClassicMembers(context.leaderChoice());
        this.rebalance = new ClassicRebalance(id, context, members);
    }

    static ClassicGroup load(StoredClassicGroup stored, GroupContext context, long nowMs) {
        ClassicGroup group = new ClassicGroup(stored.id(), context);
        stored.loadedMembers().forEach(group.members::add);
        group.rebalance.load(stored, nowMs);
        return group;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean isEmpty() {
        return rebalance.isIn(ClassicState.EMPTY);
    }

    ClassicGroupView view() {
        return new ClassicGroupView(
                rebalance.state(), rebalance.generation(), members.leader(), rebalance.awaitsSyncs());
    }

    ClassicRebalance rebalance() {
        return rebalance;
    }

    ClassicMembers roster() {
        return members;
    }

    // JoinGroup.

    @Override
    public void join(JoinGroupRequestData request, Caller caller, GroupReply reply) {
        String memberId = request.memberId();
        if (!hasRoomFor(memberId)) {
            rebalance.drop(memberId, caller.nowMs());
            reply.answer(new JoinGroupResponseData().setErrorCode(Errors.GROUP_MAX_SIZE_REACHED.code()));
        } else if (!isCompatible(request)) {
            reply.answer(refusal(memberId, Errors.INCONSISTENT_GROUP_PROTOCOL));
        } else if (memberId.isEmpty()) {
            joinWithoutId(request, caller, reply);
        } else if (members.isExpected(memberId)) {
            joinExpected(request, caller, reply);
        } else {
            Errors error = memberError(memberId, request.groupInstanceId());
            if (error == Errors.NONE) {
                joinAgain(members.require(memberId), request, caller, reply);
            } else {
                reply.answer(refusal(memberId, error).setProtocolName(null));
            }
        }
    }

    private boolean hasRoomFor(String memberId) {
        int most = context.settings().maxSize();
        ClassicMember member = members.get(memberId);
        return switch (rebalance.state()) {
            case EMPTY, DEAD -> true;
            case PREPARING -> (member != null && member.isJoinParked()) || members.parkedJoins() < most;
            case COMPLETING, STABLE -> member != null || members.size() < most;
        };
    }

    private boolean isCompatible(JoinGroupRequestData request) {
        List<Protocol> protocols = ClassicMember.protocols(request.protocols());
        if (isEmpty()) {
            return !request.protocolType().isEmpty() && !protocols.isEmpty();
        }
        return request.protocolType().equals(rebalance.protocolType()) && members.share(protocols);
    }

    private static JoinGroupResponseData refusal(String memberId, Errors error) {
        return new JoinGroupResponseData().setMemberId(memberId).setErrorCode(error.code());
    }

    private void joinWithoutId(JoinGroupRequestData request, Caller caller, GroupReply reply) {
        String instanceId = request.groupInstanceId();
        String newId = context.newMemberId(instanceId == null ? caller.clientId() : instanceId);
        String formerId = instanceId == null ? null : members.idOf(instanceId);
        if (formerId != null) {
            comeBack(members.require(formerId), newId, request, caller, reply);
        } else if (instanceId == null && caller.version() >= KNOWN_ID_REQUIRED) {
            members.expect(newId);
            rebalance.setSession(newId, request.sessionTimeoutMs(), caller.nowMs());
            reply.answer(refusal(newId, Errors.MEMBER_ID_REQUIRED));
        } else {
            rebalance.add(newMember(newId, request), request.protocolType(), reply, caller.nowMs());
        }
    }

    private static ClassicMember newMember(String id, JoinGroupRequestData request) {
        return new ClassicMember(
                id,
                request.groupInstanceId(),
                request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                ClassicMember.protocols(request.protocols()));
    }

    private void joinExpected(JoinGroupRequestData request, Caller caller, GroupReply reply) {
        if (request.groupInstanceId() == null) {
            rebalance.add(newMember(request.memberId(), request), request.protocolType(), reply, caller.nowMs());
        } else {
            // A broker takes this for impossible: a static member is never told to come again with an id.
            reply.answer(new JoinGroupResponseData().setErrorCode(Errors.UNKNOWN_SERVER_ERROR.code()));
        }
    }

    private void joinAgain(ClassicMember member, JoinGroupRequestData request, Caller caller, GroupReply reply) {
        boolean same = member.protocols.equals(ClassicMember.protocols(request.protocols()));
        boolean leads = members.isLeader(member.id);
        boolean told =
                switch (rebalance.state()) {
                    case PREPARING -> false;
                    case COMPLETING -> same;
                    case STABLE -> same && !leads;
                    case EMPTY, DEAD -> throw new IllegalStateException(member.id + " in " + rebalance.state());
                };
        if (told) {
            reply.answer(rebalance.currentGeneration(member.id, leads));
        } else {
            update(member, request);
            member.parkJoin(reply);
            rebalance.prepareOrComplete(caller.nowMs());
        }
    }

    private static void update(ClassicMember member, JoinGroupRequestData request) {
        member.protocols = ClassicMember.protocols(request.protocols());
        member.rebalanceTimeoutMs = request.rebalanceTimeoutMs();
        member.sessionTimeoutMs = request.sessionTimeoutMs();
    }

    /** A static member that was restarted joins again; its former self is fenced. */
    private void comeBack(
            ClassicMember former, String newId, JoinGroupRequestData request, Caller caller, GroupReply reply) {
        String leaderBefore = members.leader();
        ClassicMember member = rebalance.replace(former, newId, caller.nowMs());
        rebalance.restartSession(member, caller.nowMs());
        update(member, request);
        member.parkJoin(reply);
        switch (rebalance.state()) {
            case PREPARING -> rebalance.completeUnlessDelayed(caller.nowMs());
            case COMPLETING -> rebalance.prepare(caller.nowMs());
            case STABLE -> {
                if (members.vote().equals(rebalance.protocolName())) {
                    goOn(member, former, leaderBefore, caller, reply);
                } else {
                    rebalance.prepareOrComplete(caller.nowMs());
                }
            }
            case EMPTY, DEAD -> throw new IllegalStateException(newId + " in " + rebalance.state());
        }
    }

    /** The generation goes on with the static member under its new id. */
    private void goOn(
            ClassicMember member,
            ClassicMember former,
            @Nullable String leaderBefore,
            Caller caller,
            GroupReply reply) {
        Errors error = rebalance.store();
        if (error != Errors.NONE) {
            member.forgetJoin();
            ClassicMember restored = rebalance.replace(member, former.id, caller.nowMs());
            restored.takeOffersOf(former);
            rebalance.restartSession(restored, caller.nowMs());
            reply.answer(rebalance
                    .currentGeneration("", false)
                    .setLeader(leaderBefore == null ? "" : leaderBefore)
                    .setErrorCode(error.code()));
        } else if (caller.version() >= SKIPS_ASSIGNMENT) {
            boolean leads = members.isLeader(member.id);
            member.answerJoin(rebalance.currentGeneration(member.id, leads).setSkipAssignment(leads));
        } else {
            member.answerJoin(
                    rebalance.currentGeneration(member.id, false).setLeader(leaderBefore == null ? "" : leaderBefore));
        }
    }

    // The other requests of members.

    private Errors memberError(String memberId, @Nullable String instanceId) {
        if (rebalance.isIn(ClassicState.DEAD)) {
            return Errors.COORDINATOR_NOT_AVAILABLE;
        }
        if (instanceId != null) {
            String holder = members.idOf(instanceId);
            if (holder == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            if (!holder.equals(memberId)) {
                return Errors.FENCED_INSTANCE_ID;
            }
        }
        return members.contains(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    private Errors memberError(String memberId, @Nullable String instanceId, int generation) {
        Errors error = memberError(memberId, instanceId);
        return error == Errors.NONE && generation != rebalance.generation() ? Errors.ILLEGAL_GENERATION : error;
    }

    @Override
    public void sync(SyncGroupRequestData request, Caller caller, GroupReply reply) {
        Errors error = syncError(request);
        if (error != Errors.NONE) {
            reply.answer(new SyncGroupResponseData().setErrorCode(error.code()));
            return;
        }
        ClassicMember member = members.require(request.memberId());
        rebalance.recordSync(member.id);
        if (rebalance.isIn(ClassicState.STABLE)) {
            reply.answer(rebalance.granted(member, caller.nowMs()));
            return;
        }
        member.parkSync(reply);
        if (members.isLeader(member.id)) {
            Map<String, Bytes> assignment = new HashMap<>();
            request.assignments().forEach(each -> assignment.put(each.memberId(), Bytes.wrap(each.assignment())));
            rebalance.assign(assignment, caller.nowMs());
        }
    }

    private Errors syncError(SyncGroupRequestData request) {
        Errors error = memberError(request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != Errors.NONE) {
            return error;
        }
        boolean ofThisProtocol = isNullOr(request.protocolType(), rebalance.protocolType())
                && isNullOr(request.protocolName(), rebalance.protocolName());
        if (!ofThisProtocol) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        return rebalance.isIn(ClassicState.PREPARING) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    private static boolean isNullOr(@Nullable String said, @Nullable String expected) {
        return said == null || said.equals(expected);
    }

    @Override
    public Errors heartbeat(HeartbeatRequestData request, Caller caller) {
        Errors error = memberError(request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != Errors.NONE) {
            return error;
        }
        rebalance.restartSession(members.require(request.memberId()), caller.nowMs());
        return rebalance.isIn(ClassicState.PREPARING) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    @Override
    public List<MemberResponse> leave(List<MemberIdentity> leaving, Caller caller) {
        List<MemberResponse> answers = new ArrayList<>();
        boolean anyLeft = false;
        for (MemberIdentity each : leaving) {
            Errors error = leave(each, caller.nowMs());
            anyLeft |= error == Errors.NONE;
            answers.add(new MemberResponse()
                    .setMemberId(each.memberId())
                    .setGroupInstanceId(each.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        if (anyLeft && !isEmpty()) {
            rebalance.prepareOrComplete(caller.nowMs());
        }
        return answers;
    }

    private Errors leave(MemberIdentity leaving, long nowMs) {
        String instanceId = leaving.groupInstanceId();
        String memberId = leaving.memberId();
        if (memberId.isEmpty()) {
            String holder = instanceId == null ? null : members.idOf(instanceId);
            if (holder == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            rebalance.expel(members.require(holder), nowMs);
            return Errors.NONE;
        }
        if (members.isExpected(memberId)) {
            rebalance.stopExpecting(memberId);
            return Errors.NONE;
        }
        Errors error = memberError(memberId, instanceId);
        if (error == Errors.NONE) {
            rebalance.expel(members.require(memberId), nowMs);
        }
        return error;
    }

    @Override
    public DescribedGroup describe() {
        return GroupDescription.of(id, rebalance, members);
    }

    // Commits.

    @Override
    public Errors commitRefusal(CommitClaim claim) {
        if (rebalance.isIn(ClassicState.DEAD)) {
            return Errors.COORDINATOR_NOT_AVAILABLE;
        }
        boolean named = claim.generationOrEpoch() >= 0 || !claim.memberId().isEmpty() || claim.instanceId() != null;
        if (claim.generationOrEpoch() < 0 && isEmpty()) {
            return Errors.NONE;
        }
        if (named) {
            Errors error = memberError(claim.memberId(), claim.instanceId(), claim.generationOrEpoch());
            if (error != Errors.NONE) {
                return error;
            }
        } else if (!claim.transactional()) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        boolean rebalancing = !claim.transactional() && rebalance.isIn(ClassicState.COMPLETING);
        return rebalancing ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    @Override
    public void recordCommit(CommitClaim claim, long nowMs) {
        ClassicMember member = members.get(claim.memberId());
        if (member != null && !claim.transactional()) {
            rebalance.restartSession(member, nowMs);
        }
    }

    @Override
    public Errors fetchRefusal(String memberId, int memberEpoch) {
        return Errors.NONE;
    }

    // The coordinator's own doings.

    @Override
    public void expire(String memberId, long nowMs) {
        rebalance.endSession(memberId, nowMs);
    }

    @Override
    public void unload(Errors error) {
        rebalance.die(error);
    }

    @Override
    public List<GroupMemberView> members() {
        return members.all().stream()
                .map(member -> new GroupMemberView(member.id, member.instanceId, member.heldGeneration, member.held))
                .toList();
    }
}
