package dev.surefoot.testkit.simulation.coordinator;

import java.util.List;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group as its coordinator keeps it. Requests of the classic protocol reach every kind of group, since classic
 * members may live in a group of the consumer protocol. Timers are the group's own, kept in {@link GroupTimers}.
 */
sealed interface Group permits ClassicGroup, ConsumerGroup {
    String id();

    /** Whether the group has no members; such a group may be replaced by one of the other protocol. */
    boolean isEmpty();

    /** Receives JoinGroup; the answer may be parked. */
    void join(JoinGroupRequestData request, Caller caller, GroupReply reply);

    /** Receives SyncGroup; the answer may be parked. */
    void sync(SyncGroupRequestData request, Caller caller, GroupReply reply);

    /** Receives a classic Heartbeat. */
    Errors heartbeat(HeartbeatRequestData request, Caller caller);

    /** Receives LeaveGroup in the form of version 3 and later. */
    List<MemberResponse> leave(List<MemberIdentity> members, Caller caller);

    /** What DescribeGroups says of it, or null if that API has no such groups. */
    @Nullable DescribedGroup describe();

    /** Why this commit must not be stored, or {@link Errors#NONE}. Changes nothing. */
    Errors commitRefusal(CommitClaim claim);

    /** Takes note of a commit that was not refused: it is a sign of life of the member. */
    void recordCommit(CommitClaim claim, long nowMs);

    /** Why this member may not fetch offsets, or {@link Errors#NONE}. A member without membership has ("", -1). */
    Errors fetchRefusal(String memberId, int memberEpoch);

    /** Removes a member as if its session had run out at this moment; without effect on an unknown member. */
    void expire(String memberId, long nowMs);

    /** Answers everything that is parked with this error and cancels all timers: the coordinator goes away. */
    void unload(Errors error);

    /** The members and what the coordinator's books say that they hold, in the order in which they joined. */
    List<GroupMemberView> members();
}
