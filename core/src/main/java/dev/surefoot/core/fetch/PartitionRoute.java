package dev.surefoot.core.fetch;

/**
 * Which broker an assigned partition is fetched from, or why it is not fetched.
 *
 * @param nodeId the broker, or {@link #NOWHERE} unless {@link Cause#FETCHED}
 * @param retryAtNanos when the back-off ends, in nanoseconds of the loop's clock; 0 unless {@link Cause#BACKING_OFF}
 */
public record PartitionRoute(Cause cause, int nodeId, long retryAtNanos) {
    /** The node id of a partition that is not fetched. */
    public static final int NOWHERE = -1;

    /** Whether a partition is fetched, or why not. If several causes apply, the first one of this list is given. */
    public enum Cause {
        /** The loop's assignment does not have the partition. */
        NOT_ASSIGNED,
        /** Its offset is being looked up. */
        RESETTING,
        /** Its position is being validated at a new leader (KIP-320). */
        VALIDATING,
        /** It is halted until the application seeks. */
        HALTED,
        /** The application has paused it. */
        PAUSED,
        /** A broker's last answer about it was an error. */
        BACKING_OFF,
        /** Metadata names no leader. */
        NO_LEADER,
        /** It is in the fetch session of a broker. */
        FETCHED
    }

    static PartitionRoute fetchedFrom(int nodeId) {
        return new PartitionRoute(Cause.FETCHED, nodeId, 0);
    }

    static PartitionRoute notFetched(Cause cause) {
        return new PartitionRoute(cause, NOWHERE, 0);
    }

    static PartitionRoute backingOff(long untilNanos) {
        return new PartitionRoute(Cause.BACKING_OFF, NOWHERE, untilNanos);
    }

    /** Whether the partition is in the session of a broker. */
    public boolean isFetched() {
        return cause == Cause.FETCHED;
    }
}
