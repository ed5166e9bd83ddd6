package dev.surefoot.core.fetch;

import java.util.HashMap;
import java.util.Map;

/**
 * The bound on fetched bytes held for the application. Bytes are reserved before a fetch leaves, so that an answer always has
 * room; what is granted becomes the request's {@code max_bytes}. Owned by the loop's thread.
 *
 * <p>The one thing a broker may send beyond that is a single batch larger than what was granted (KIP-74), so the bound is
 * exceeded by at most one such batch for each broker.
 */
public final class ByteBudget {
    /** An answer in a pooled buffer occupies up to a quarter more than its bytes, and has headers beside its records. */
    private static final double OVERHEAD = 1.25;

    /** A share is granted once this part of it is free: asking for crumbs costs a round trip each. */
    private static final int WORTHWHILE_PART = 4;

    private final long capacity;
    private final int mostPerFetch;
    private final Map<Integer, Long> reserved = new HashMap<>();

    /**
     * @param capacity {@code surefoot.buffer.bytes}
     * @param mostPerFetch {@code fetch.max.bytes}
     */
    public ByteBudget(long capacity, int mostPerFetch) {
        this.capacity = capacity;
        this.mostPerFetch = mostPerFetch;
    }

    /**
     * How many bytes the next fetch may ask for, or 0 if it has to wait until the application has consumed more.
     *
     * @param heldBytes bytes of receive buffers in use
     * @param brokers how many brokers share the budget, 1 or more
     */
    public int grant(long heldBytes, int brokers) {
        long free = capacity - heldBytes;
        for (long bytes : reserved.values()) {
            free -= bytes;
        }
        // Kafka allows a fetch.max.bytes of 0, which stands for one batch at a time (KIP-74), not for none.
        long share = Math.max(1, Math.min(mostPerFetch, (long) (capacity / OVERHEAD) / brokers));
        long grant = Math.min(share, (long) (free / OVERHEAD));
        return grant >= Math.max(1, share / WORTHWHILE_PART) ? (int) grant : 0;
    }

    /** Sets aside what was granted until this broker's answer has come or failed. */
    public void reserve(int nodeId, int granted) {
        reserved.put(nodeId, (long) (granted * OVERHEAD));
    }

    /** Gives back what was set aside; an answer's bytes count as held from here on. */
    public void release(int nodeId) {
        reserved.remove(nodeId);
    }
}
