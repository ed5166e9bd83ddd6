package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.CoordinatorLedger.Grant;
import dev.surefoot.testkit.simulation.coordinator.CoordinatorLedger.Removal;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** The state, generation and timers of a classic group: how it goes from one generation to the next. */
final class ClassicRebalance {
    private final String groupId;
    private final GroupContext context;
    private final ClassicMembers members;
    private ClassicState state = ClassicState.EMPTY;
    private int generation;
    private @Nullable String protocolType;
    private @Nullable String protocolName;
    private final Set<String> pendingSyncs = new LinkedHashSet<>();
    /** Whether PREPARING began in a group without members, so that the initial delay decides when it ends. */
    private boolean initial;
    /** Whether a member was added during the initial delay, which then goes on. */
    private boolean addedDuringDelay;

    ClassicRebalance(String groupId, GroupContext context, ClassicMembers members) {
        this.groupId = groupId;
        this.context = context;
        this.members = members;
    }

    String groupId() {
        return groupId;
    }

    ClassicState state() {
        return state;
    }

    boolean isIn(ClassicState other) {
        return state == other;
    }

    int generation() {
        return generation;
    }

    boolean awaitsSyncs() {
        return !pendingSyncs.isEmpty();
    }

    @Nullable String protocolType() {
        return protocolType;
    }

    @Nullable String protocolName() {
        return protocolName;
    }

    private void become(ClassicState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("group " + groupId + " cannot become " + next + " from " + state);
        }
        initial = state == ClassicState.EMPTY;
        state = next;
    }

    // Members.

    void add(ClassicMember member, String typeOfProtocol, GroupReply reply, long nowMs) {
        member.isNew = true;
        if (state == ClassicState.PREPARING && initial) {
            addedDuringDelay = true;
        }
        if (members.size() == 0) {
            protocolType = typeOfProtocol;
        }
        members.add(member);
        member.parkJoin(reply);
        if (!context.settings().has(BrokerBug.NO_NEW_MEMBER_TIMER)) {
            setSession(member.id, context.settings().newMemberJoinTimeoutMs(), nowMs);
        }
        prepareOrComplete(nowMs);
    }

    /** Restarts the session of a member. */
    void restartSession(ClassicMember member, long nowMs) {
        setSession(member.id, member.sessionTimeoutMs, nowMs);
    }

    void setSession(String memberId, int timeoutMs, long nowMs) {
        context.timers().set(sessionKey(memberId), nowMs + timeoutMs, atMs -> sessionEnded(memberId, atMs));
    }

    private void sessionEnded(String memberId, long nowMs) {
        ClassicMember member = members.get(memberId);
        if (members.isExpected(memberId)) {
            members.remove(memberId);
            completeIfAllJoined(nowMs);
        } else if (member != null && !member.isAliveWithoutHeartbeat()) {
            expel(member, nowMs);
            if (state == ClassicState.STABLE || state == ClassicState.COMPLETING) {
                prepareOrComplete(nowMs);
            } else {
                completeIfAllJoined(nowMs);
            }
        }
    }

    /** Ends a member's session at once, as far as no parked request stands for a heartbeat. */
    void endSession(String memberId, long nowMs) {
        context.timers().cancel(sessionKey(memberId));
        sessionEnded(memberId, nowMs);
    }

    /** Forgets an id that was made for a new member, which leaves before it has joined. */
    void stopExpecting(String memberId) {
        context.timers().cancel(sessionKey(memberId));
        members.remove(memberId);
    }

    private void completeIfAllJoined(long nowMs) {
        if (state == ClassicState.PREPARING && members.haveAllJoined()) {
            complete(nowMs);
        }
    }

    /** Removes a member, whose parked JoinGroup is answered 25. */
    void expel(ClassicMember member, long nowMs) {
        member.answerJoin(new JoinGroupResponseData().setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
        remove(member.id, nowMs);
    }

    private void remove(String memberId, long nowMs) {
        context.timers().cancel(sessionKey(memberId));
        pendingSyncs.remove(memberId);
        members.remove(memberId);
        context.ledger().removed(new Removal(groupId, memberId, nowMs));
    }

    /** Removes a member without answering what is parked, as a full group does. */
    void drop(String memberId, long nowMs) {
        pendingSyncs.remove(memberId);
        if (members.contains(memberId)) {
            context.ledger().removed(new Removal(groupId, memberId, nowMs));
        }
        members.remove(memberId);
    }

    /** Puts a static member that has come back in the place of its former self. */
    ClassicMember replace(ClassicMember former, String newId, long nowMs) {
        ClassicMember member = members.replace(former, newId);
        context.ledger().removed(new Removal(groupId, former.id, nowMs));
        return member;
    }

    // Preparing: members join.

    /** Starts a rebalance, or, if one is being prepared, completes it when everyone has joined. */
    void prepareOrComplete(long nowMs) {
        if (state.mayBecome(ClassicState.PREPARING)) {
            prepare(nowMs);
        } else {
            completeUnlessDelayed(nowMs);
        }
    }

    /** Ends the preparation if everyone has joined and no initial delay is under way. */
    void completeUnlessDelayed(long nowMs) {
        if (!initial) {
            completeIfAllJoined(nowMs);
        }
    }

    void prepare(long nowMs) {
        if (state == ClassicState.COMPLETING) {
            dropAssignments(Errors.REBALANCE_IN_PROGRESS, nowMs);
        }
        pendingSyncs.clear();
        context.timers().cancel(syncKey());
        become(ClassicState.PREPARING);
        if (initial) {
            int delayMs = context.settings().initialRebalanceDelayMs();
            int restMs = Math.max(members.rebalanceTimeoutMs() - delayMs, 0);
            context.timers().set(joinKey(), nowMs + delayMs, atMs -> initialDelayEnded(delayMs, restMs, atMs));
        } else if (members.haveAllJoined()) {
            complete(nowMs);
        } else {
            context.timers().set(joinKey(), nowMs + members.rebalanceTimeoutMs(), this::complete);
        }
    }

    private void initialDelayEnded(int delayMs, int restMs, long nowMs) {
        if (addedDuringDelay && restMs != 0) {
            addedDuringDelay = false;
            int nextMs = Math.min(context.settings().initialRebalanceDelayMs(), restMs);
            int nextRestMs = Math.max(restMs - delayMs, 0);
            context.timers().set(joinKey(), nowMs + nextMs, atMs -> initialDelayEnded(nextMs, nextRestMs, atMs));
        } else {
            complete(nowMs);
        }
    }

    /** Ends the preparation: who has not joined is out, but for static members. */
    private void complete(long nowMs) {
        context.timers().cancel(joinKey());
        members.dynamicNotJoined().forEach(absent -> remove(absent.id, nowMs));
        if (members.size() == 0) {
            generation++;
            protocolName = null;
            become(ClassicState.EMPTY);
            pendingSyncs.clear();
            store();
        } else if (!members.electJoinedLeader()) {
            context.timers().set(joinKey(), nowMs + members.rebalanceTimeoutMs(), this::complete);
        } else {
            beginGeneration(nowMs);
        }
    }

    private void beginGeneration(long nowMs) {
        generation++;
        protocolName = members.vote();
        become(ClassicState.COMPLETING);
        pendingSyncs.clear();
        for (ClassicMember member : members.all()) {
            member.answerJoin(currentGeneration(member.id, members.isLeader(member.id)));
            restartSession(member, nowMs);
            member.isNew = false;
            pendingSyncs.add(member.id);
        }
        if (!context.settings().has(BrokerBug.NO_SYNC_TIMER)) {
            int expected = generation;
            context.timers().set(syncKey(), nowMs + members.rebalanceTimeoutMs(), atMs -> syncEnded(expected, atMs));
        }
    }

    /** What a member is told of the present generation. */
    JoinGroupResponseData currentGeneration(String memberId, boolean withMembers) {
        String leader = members.leader();
        JoinGroupResponseData answer = new JoinGroupResponseData()
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setProtocolType(protocolType)
                .setProtocolName(protocolName)
                .setLeader(leader == null ? "" : leader);
        if (withMembers) {
            answer.setMembers(members.all().stream()
                    .map(member -> new JoinGroupResponseMember()
                            .setMemberId(member.id)
                            .setGroupInstanceId(member.instanceId)
                            .setMetadata(member.metadata(protocolName).get()))
                    .toList());
        }
        return answer;
    }

    // Completing: the leader assigns.

    private void syncEnded(int expectedGeneration, long nowMs) {
        boolean waiting = state == ClassicState.COMPLETING || state == ClassicState.STABLE;
        if (expectedGeneration == generation && waiting && !pendingSyncs.isEmpty()) {
            for (String memberId : List.copyOf(pendingSyncs)) {
                remove(memberId, nowMs);
            }
            prepare(nowMs);
        }
    }

    /** Notes that a member has sent SyncGroup. */
    void recordSync(String memberId) {
        pendingSyncs.remove(memberId);
        if (pendingSyncs.isEmpty()) {
            context.timers().cancel(syncKey());
        }
    }

    /** Takes the leader's assignment, and answers every SyncGroup that is parked. */
    void assign(Map<String, Bytes> assignment, long nowMs) {
        Errors error = store(member -> assignment.getOrDefault(member.id, ClassicMember.NO_ASSIGNMENT));
        if (error != Errors.NONE) {
            dropAssignments(error, nowMs);
            prepareOrComplete(nowMs);
            return;
        }
        for (ClassicMember member : members.all()) {
            member.assignment = assignment.getOrDefault(member.id, ClassicMember.NO_ASSIGNMENT);
            if (member.isSyncParked()) {
                member.answerSync(granted(member, nowMs));
                restartSession(member, nowMs);
            }
        }
        become(ClassicState.STABLE);
    }

    private void dropAssignments(Errors error, long nowMs) {
        for (ClassicMember member : members.all()) {
            member.assignment = ClassicMember.NO_ASSIGNMENT;
            if (member.answerSync(new SyncGroupResponseData().setErrorCode(error.code()))) {
                restartSession(member, nowMs);
            }
        }
    }

    /** Tells a member its assignment. */
    SyncGroupResponseData granted(ClassicMember member, long nowMs) {
        member.held = partitionsIn(member.assignment.get());
        member.heldGeneration = generation;
        context.ledger().granted(new Grant(groupId, member.id, generation, member.held, nowMs));
        return new SyncGroupResponseData()
                .setProtocolType(protocolType)
                .setProtocolName(protocolName)
                .setAssignment(member.assignment.get());
    }

    private Set<TopicPartition> partitionsIn(byte[] assignment) {
        if (assignment.length == 0 || !ConsumerProtocol.PROTOCOL_TYPE.equals(protocolType)) {
            return Set.of();
        }
        try {
            return new LinkedHashSet<>(ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment))
                    .partitions());
        } catch (SchemaException notOfTheConsumerProtocol) {
            // A coordinator passes on whatever a leader sends; such an assignment has no partitions that are known.
            return Set.of();
        }
    }

    // Storing and loading.

    /** Writes the group down with the assignment that the members have. */
    Errors store() {
        return store(member -> member.assignment);
    }

    private Errors store(Function<ClassicMember, Bytes> assignment) {
        return context.journal().writeGroup(groupId, StoredClassicGroup.of(this, members, assignment));
    }

    /** Takes over what was written down; the sessions of all members start anew. */
    void load(StoredClassicGroup stored, long nowMs) {
        generation = stored.generation();
        protocolType = stored.protocolType();
        protocolName = stored.protocolName();
        state = members.size() == 0 ? ClassicState.EMPTY : ClassicState.STABLE;
        members.leader(stored.leader());
        members.all().forEach(member -> restartSession(member, nowMs));
        if (members.size() > context.settings().maxSize()) {
            prepare(nowMs);
        }
    }

    /** Answers everything parked with this error. */
    void die(Errors error) {
        become(ClassicState.DEAD);
        for (ClassicMember member : members.all()) {
            member.answerJoin(new JoinGroupResponseData().setMemberId(member.id).setErrorCode(error.code()));
            member.answerSync(new SyncGroupResponseData().setErrorCode(error.code()));
            context.timers().cancel(sessionKey(member.id));
        }
        members.expected().forEach(memberId -> context.timers().cancel(sessionKey(memberId)));
        context.timers().cancel(joinKey());
        context.timers().cancel(syncKey());
    }

    private String sessionKey(String memberId) {
        return "session " + groupId + " " + memberId;
    }

    private String joinKey() {
        return "join " + groupId;
    }

    private String syncKey() {
        return "sync " + groupId;
    }
}
