package dev.surefoot.core.guard;

import dev.surefoot.core.exchange.LinkCondition;
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

    /** Whether the next fetch from this broker waits until the application has read more or released memory. */
    boolean isHeldBack(int nodeId);

    /** The memory for fetched data. */
    Memory memory();
}
