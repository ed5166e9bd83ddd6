package dev.surefoot.core.guard;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.group.GroupView;
import dev.surefoot.core.position.TrackedPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the engine knows and the floors below the guard do not. Queries only; called on the loop's thread. */
public interface Surroundings {
    /**
     * The memory for fetched data.
     *
     * @param heldBytes bytes of receive buffers in use
     * @param capacityBytes the most bytes that may be in use
     */
    record Memory(long heldBytes, long capacityBytes) {}

    /** The node ids of the bootstrap brokers, all below 0. */
    List<Integer> bootstrapIds();

    /** The connection for fetches from this broker, or null if there was none yet. */
    @Nullable LinkCondition fetchLink(int nodeId, long nowNanos);

    /** The connection for other requests to this broker, or null if there was none yet. */
    @Nullable LinkCondition controlLink(int nodeId, long nowNanos);

    /** The connection to this broker as the group's coordinator, or null if there was none yet. */
    @Nullable LinkCondition coordinatorLink(int nodeId, long nowNanos);

    /** The consumer's part in its group, or null if it has none. */
    @Nullable GroupView group(long nowNanos);

    /** Whether a transaction that commits an offset of the partition has not ended. */
    boolean isOffsetUnstable(TrackedPartition partition);

    /**
     * Whether a fetch from this broker waits, or has waited a moment ago, until the application has read more or
     * released memory.
     */
    boolean isHeldBack(int nodeId);

    /** Whether a fetch from this broker has waited for the application of late, be it ever so short. */
    boolean waitsForApplication(int nodeId);

    /** The memory for fetched data. */
    Memory memory();

    /** The wall clock, in milliseconds since the epoch. */
    long epochMillis();
}
