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

    /**
     * Whether heartbeats have to be sent. A JoinGroup or SyncGroup under way stands for them: while the coordinator
     * holds it back the session does not run out, and a heartbeat would wait behind it on the connection.
     */
    boolean needsHeartbeat() {
        return switch (this) {
            case OUTSIDE, JOINING, SYNCING, FENCED -> false;
            case PREPARING,
                    READY_TO_JOIN,
                    AWAITING_METADATA,
                    ASSIGNING,
                    READY_TO_SYNC,
                    REVOKING,
                    TAKING,
                    STABLE,
                    LEAVING -> true;
        };
    }

    /** Whether the coordinator is looked for before there is something to send, as it will be needed soon. */
    boolean needsCoordinator() {
        return this != OUTSIDE && this != FENCED;
    }

    /** Whether the member is between its JoinGroup and the answer to its SyncGroup, where commits are refused. */
    boolean isRebalancing() {
        return switch (this) {
            case JOINING, AWAITING_METADATA, ASSIGNING, READY_TO_SYNC, SYNCING -> true;
            case OUTSIDE, PREPARING, READY_TO_JOIN, REVOKING, TAKING, STABLE, LEAVING, FENCED -> false;
        };
    }

    /** Whether the coordinator's present plan has come, so that its word of a rebalance is about the next one. */
    boolean isSynced() {
        return switch (this) {
            case REVOKING, TAKING, STABLE -> true;
            case OUTSIDE,
                    PREPARING,
                    READY_TO_JOIN,
                    JOINING,
                    AWAITING_METADATA,
                    ASSIGNING,
                    READY_TO_SYNC,
                    SYNCING,
                    LEAVING,
                    FENCED -> false;
        };
    }
}
