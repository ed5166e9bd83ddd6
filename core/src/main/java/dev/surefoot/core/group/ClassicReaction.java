package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;

/** What a member of the classic protocol makes of an error of its coordinator. */
enum ClassicReaction {
    /** There is no error. */
    NONE,
    /** The same again at once, with what is known. */
    AGAIN,
    /** The same again after a back-off. */
    BACK_OFF,
    /** The coordinator is another broker, or not there; ownership is not touched. */
    FIND_COORDINATOR,
    /** The answer brings the member id to join with (KIP-394). */
    TAKE_MEMBER_ID,
    /** The group rebalances: the member joins anew. */
    REJOIN,
    /** The generation is over for this member; it keeps its id. */
    LOSE_GENERATION,
    /** The coordinator does not know this member any more. */
    LOSE_MEMBERSHIP,
    /** Another member has this one's instance id: nothing is sent any more (KIP-345). */
    FENCE,
    /** The application gets the exception; the next attempt waits for its next poll. */
    RAISE;

    static ClassicReaction toJoin(BrokerError error) {
        return switch (error) {
            case NONE -> NONE;
            case REBALANCE_IN_PROGRESS -> AGAIN;
            case COORDINATOR_LOAD_IN_PROGRESS, REQUEST_TIMED_OUT -> BACK_OFF;
            case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> FIND_COORDINATOR;
            case MEMBER_ID_REQUIRED -> TAKE_MEMBER_ID;
            case ILLEGAL_GENERATION -> LOSE_GENERATION;
            case UNKNOWN_MEMBER_ID -> LOSE_MEMBERSHIP;
            case FENCED_INSTANCE_ID -> FENCE;
            default -> RAISE;
        };
    }

    /**
     * The reaction to the answer to a SyncGroup or a Heartbeat, which both name a generation. A coordinator that has
     * just taken the group over answers SyncGroup with COORDINATOR_LOAD_IN_PROGRESS; the generation is not over by
     * that.
     */
    static ClassicReaction ofMember(BrokerError error) {
        return switch (error) {
            case NONE -> NONE;
            case REBALANCE_IN_PROGRESS -> REJOIN;
            case COORDINATOR_LOAD_IN_PROGRESS, REQUEST_TIMED_OUT -> BACK_OFF;
            case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> FIND_COORDINATOR;
            case ILLEGAL_GENERATION -> LOSE_GENERATION;
            case UNKNOWN_MEMBER_ID -> LOSE_MEMBERSHIP;
            case FENCED_INSTANCE_ID -> FENCE;
            default -> RAISE;
        };
    }

    /** Only what says that the identity of the commit is not, or not any more, a member's touches the membership. */
    static ClassicReaction toCommit(BrokerError error) {
        return switch (error) {
            case REBALANCE_IN_PROGRESS -> REJOIN;
            case ILLEGAL_GENERATION -> LOSE_GENERATION;
            case UNKNOWN_MEMBER_ID -> LOSE_MEMBERSHIP;
            case FENCED_INSTANCE_ID -> FENCE;
            default -> NONE;
        };
    }
}
