package dev.surefoot.core.group;

/** Where a member of the classic protocol stands between two stable assignments. */
enum ClassicState {
    /** Takes part in nothing; joins when it has a subscription and the application is in poll. */
    OUTSIDE,
    /** The application gives up partitions and prepares what JoinGroup says. */
    PREPARING,
    /** JoinGroup can be sent. */
    READY_TO_JOIN,
    /** JoinGroup is under way; the coordinator waits for the other members. */
    JOINING,
    /** Leads, and waits for metadata. */
    AWAITING_METADATA,
    /** Leads, and the application's assignor works. */
    ASSIGNING,
    /** SyncGroup can be sent. */
    READY_TO_SYNC,
    /** SyncGroup is under way; the coordinator waits for the leader. */
    SYNCING,
    /** The application gives up partitions that the new assignment has not (cooperative protocol). */
    REVOKING,
    /** The application takes its partitions. */
    TAKING,
    /** Has its partitions. */
    STABLE,
    /** The application gives up everything before the member leaves. */
    LEAVING,
    /** The coordinator has refused this member for good. */
    FENCED;

    /** Whether a heartbeat has to be sent; a JoinGroup under way stands for it. */
    boolean needsHeartbeat() {
        return switch (this) {
            case OUTSIDE, JOINING, FENCED -> false;
            case PREPARING,
                    READY_TO_JOIN,
                    AWAITING_METADATA,
                    ASSIGNING,
                    READY_TO_SYNC,
                    SYNCING,
                    REVOKING,
                    TAKING,
                    STABLE,
                    LEAVING -> true;
        };
    }
}
