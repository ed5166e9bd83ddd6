package dev.surefoot.core.fetch;

/**
 * Which broker an assigned partition is fetched from, or why it is not fetched.
 *
 * @param nodeId the broker, or {@link #NOWHERE} unless {@link Cause#FETCHED}
 * @param retryAtNanos when the back-off ends, in the loop's nanoseconds; 0 unless {@link Cause#BACKING_OFF}
 */
public record PartitionRoute(Cause cause, int nodeId, long retryAtNanos) {
    /** Stands for the broker of a partition that no broker is asked for. */
    public static final int NOWHERE = -1;

    /** What decides about a partition. If more than one would keep it from being fetched, it is the first of them. */
    public enum Cause {
        /** The loop has no such partition in its assignment. */
        NOT_ASSIGNED,
        /** Its offset is being looked up. */
        RESETTING,
        /** Its position is being validated at a new leader (KIP-320). */
        VALIDATING,
        /** The application has to seek. */
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

    public boolean isFetched() {
        return cause == Cause.FETCHED;
    }
}
