package dev.surefoot.core.group;

import dev.surefoot.core.handover.MemberIdentity;
import org.jspecify.annotations.Nullable;

/** Who a member of the classic protocol is, by the last answers of its coordinator. Owned by the loop's thread. */
final class ClassicIdentity {
    static final int NO_GENERATION = -1;

    private final String groupId;
    private final @Nullable String instanceId;
    private String memberId = "";
    private int generation = NO_GENERATION;
    private int confirmedGeneration = NO_GENERATION;
    private String confirmedMemberId = "";
    private boolean joinedAnew;
    private MemberIdentity current;

    ClassicIdentity(String groupId, @Nullable String instanceId) {
        this.groupId = groupId;
        this.instanceId = instanceId;
        this.current = MemberIdentity.none(groupId, instanceId);
    }

    /**
     * Who this member is; without a generation, who it was last, but in an incarnation of its own, so that nothing that
     * was begun before is taken for part of what follows.
     */
    MemberIdentity current() {
        return current;
    }

    /** The id to join with; empty if the coordinator has given none. */
    String memberId() {
        return memberId;
    }

    boolean hasMemberId() {
        return !memberId.isEmpty();
    }

    /** Whether the member has joined a generation and has not heard that this is over. */
    boolean hasGeneration() {
        return generation >= 0;
    }

    /**
     * The generation that claims of partitions carry (KIP-792): the last one whose SyncGroup was answered in order, as
     * what is owned stems from that. -1 if there is none.
     */
    int confirmedGeneration() {
        return confirmedGeneration;
    }

    /** The coordinator has given an id, and wants a JoinGroup with it (KIP-394). */
    void takeMemberId(String given) {
        memberId = given;
    }

    /** JoinGroup was answered in order. */
    void join(String given, int joined) {
        long incarnation = current.incarnation() + (hasGeneration() ? 0 : 1);
        memberId = given;
        generation = joined;
        current = new MemberIdentity(groupId, memberId, generation, instanceId, incarnation);
    }

    /** SyncGroup was answered in order. */
    void confirm() {
        confirmedGeneration = generation;
        confirmedMemberId = memberId;
        joinedAnew = false;
    }

    /**
     * Whether a coordinator that has taken the group over may know the instance under the id before this one: an id is
     * stored with the plan of its generation. True once until a SyncGroup is answered in order, so that two members
     * with one instance id do not fence each other for ever.
     */
    boolean mayBeUnknown() {
        return hasMemberId() && !memberId.equals(confirmedMemberId) && !joinedAnew;
    }

    /** The member joins without its id, as the coordinator does not know that one. */
    void joinAnew() {
        joinedAnew = true;
    }

    /** @param keepsId whether the coordinator may still know the id */
    void end(boolean keepsId) {
        current =
                new MemberIdentity(groupId, current.memberId(), current.epoch(), instanceId, current.incarnation() + 1);
        generation = NO_GENERATION;
        confirmedGeneration = NO_GENERATION;
        if (!keepsId) {
            memberId = "";
        }
    }
}
