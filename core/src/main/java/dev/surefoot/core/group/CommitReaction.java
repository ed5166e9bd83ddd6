package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;

/** What an error in the answer to an OffsetCommit means for the commit. The gravest of an answer decides. */
enum CommitReaction {
    /** The offset is stored. */
    STORED,
    /** The topic is not known: the commit may be sent again, or the partition left out. */
    UNKNOWN_TOPIC,
    /** The same coordinator may take it later. */
    BACK_OFF,
    /** The coordinator is another broker, or not there. */
    FIND_COORDINATOR,
    /** The client must not read this topic; other partitions of the request were stored. */
    UNAUTHORIZED_TOPIC,
    /** A retry cannot help: the application gets the exception. */
    RAISE,
    /** The member epoch is not the coordinator's (consumer protocol). */
    STALE_EPOCH,
    /** The group rebalances: the member has to join anew first. */
    REBALANCING,
    /** The coordinator does not count the sender as a member, or not in this generation. */
    NO_MEMBER,
    /** Another member has this one's instance id. */
    FENCED;

    static CommitReaction to(BrokerError error) {
        return switch (error) {
            case NONE -> STORED;
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID -> UNKNOWN_TOPIC;
            case COORDINATOR_LOAD_IN_PROGRESS -> BACK_OFF;
            // An append to the offsets topic that takes too long; the coordinator may be about to move.
            case REQUEST_TIMED_OUT, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> FIND_COORDINATOR;
            case TOPIC_AUTHORIZATION_FAILED -> UNAUTHORIZED_TOPIC;
            case STALE_MEMBER_EPOCH -> STALE_EPOCH;
            case REBALANCE_IN_PROGRESS -> REBALANCING;
            case ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND, FENCED_MEMBER_EPOCH -> NO_MEMBER;
            case FENCED_INSTANCE_ID -> FENCED;
            default -> RAISE;
        };
    }
}
