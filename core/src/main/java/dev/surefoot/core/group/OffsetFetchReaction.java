package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;

/**
 * What an error in the answer to an OffsetFetch means. No error stands for "no offset is stored", which an offset of -1
 * says.
 */
enum OffsetFetchReaction {
    /** There is no error. */
    FOUND,
    /** A transaction that commits this offset has not ended. */
    UNSTABLE,
    /** The coordinator does not know the topic, or not yet. */
    UNKNOWN_TOPIC,
    /** The same coordinator may answer later. */
    BACK_OFF,
    /** The coordinator is another broker, or not there. */
    FIND_COORDINATOR,
    /** The coordinator knows the sender under another epoch, or not at all; heartbeats tell more. */
    OTHER_IDENTITY,
    /** A retry cannot help: the application gets the exception. */
    RAISE;

    static OffsetFetchReaction to(BrokerError error) {
        return switch (error) {
            case NONE -> FOUND;
            case UNSTABLE_OFFSET_COMMIT -> UNSTABLE;
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID -> UNKNOWN_TOPIC;
            case COORDINATOR_LOAD_IN_PROGRESS, REQUEST_TIMED_OUT -> BACK_OFF;
            case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> FIND_COORDINATOR;
            case UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH, ILLEGAL_GENERATION, FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND ->
                OTHER_IDENTITY;
            default -> RAISE;
        };
    }
}
