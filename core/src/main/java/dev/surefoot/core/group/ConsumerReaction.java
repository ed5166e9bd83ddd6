package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;

/** What a member of the consumer protocol makes of an error in the answer to its heartbeat. */
enum ConsumerReaction {
    /** There is no error. */
    NONE,
    /** The coordinator is another broker, or not there; ownership is not touched. */
    FIND_COORDINATOR,
    /** The same again after a back-off, in full. */
    BACK_OFF,
    /** The coordinator does not count this member: what it owns is lost, and it joins from nothing. */
    REJOIN,
    /** Another member has the instance id, unless it is this one's own earlier join. */
    AWAIT_INSTANCE,
    /** The application gets the exception; membership and heartbeats go on. */
    RAISE,
    /** Membership is over for good, and the application gets the exception. */
    FAIL;

    /**
     * The reaction to {@code error}.
     *
     * @param joined whether the heartbeat was a member's, not a join
     */
    static ConsumerReaction to(BrokerError error, boolean joined) {
        return switch (error) {
            case NONE -> NONE;
            case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> FIND_COORDINATOR;
            case COORDINATOR_LOAD_IN_PROGRESS, REQUEST_TIMED_OUT -> BACK_OFF;
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> REJOIN;
            case UNRELEASED_INSTANCE_ID -> AWAIT_INSTANCE;
            // UNKNOWN_SERVER_ERROR: an assignor of the coordinator has failed, and may not with other members.
            case TOPIC_AUTHORIZATION_FAILED, UNKNOWN_SERVER_ERROR -> RAISE;
            // A member's group was deleted, or its coordinator has lost it; a join meets a group of the classic
            // protocol that may not be converted.
            case GROUP_ID_NOT_FOUND -> joined ? REJOIN : FAIL;
            default -> FAIL;
        };
    }
}
