package dev.surefoot.core.fetch;

import java.util.HashMap;
import java.util.Map;

/**
 * The bound on fetched bytes held for the application. Bytes are reserved before a fetch leaves, so that an answer
 * always has room; what is granted becomes the request's {@code max_bytes}. Owned by the loop's thread.
 *
 * <p>The memory of an answer is released as a whole, when the application has read all of it. So a large budget is
 * granted in more shares than there are brokers: while the application reads one answer, another one waits for it and a
 * third is on the wire. If one answer could fill the budget, wire and application would take turns. Small budgets are
 * not cut up like that, for then the round trips would cost more than the turns.
 *
 * <p>The one thing a broker may send beyond its share is a single batch larger than that (KIP-74), so the bound is
 * exceeded by at most one such batch for each broker.
 */
public final class ByteBudget {
    /**
     * An answer in a pooled buffer occupies up to a quarter more than its bytes, and has headers beside its records.
     */
    private static final double OVERHEAD = 1.25;

    /**
     * The answer that the application reads and the one that waits behind it; each broker's outstanding one comes on
     * top.
     */
    private static final int ARRIVED_SHARES = 2;

    /** An answer this large takes much longer to send and to read than its round trip takes. */
    private static final long LARGE_ANSWER_BYTES = 4L << 20;

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
     * How many bytes the next fetch may ask for, or {@link FetchGrant#STARVED}.
     *
     * @param heldBytes bytes of receive buffers in use
     * @param capacityNow the most bytes to hold now, where others need memory too; the capacity itself if it is less
     * @param brokers how many brokers share the budget, 1 or more
     */
    public FetchGrant grant(long heldBytes, long capacityNow, int brokers) {
        long bound = Math.min(capacity, capacityNow);
        long free = bound - heldBytes;
        for (long bytes : reserved.values()) {
            free -= bytes;
        }
        long share = share(bound, brokers);
        long grant = Math.min(share, (long) (free / OVERHEAD));
        return grant >= Math.max(1, share / WORTHWHILE_PART) ? FetchGrant.of((int) grant) : FetchGrant.STARVED;
    }

    private long share(long bound, int brokers) {
        long answers = (long) (bound / OVERHEAD);
        long overlapping = Math.max(answers / (brokers + ARRIVED_SHARES), LARGE_ANSWER_BYTES);
        // Kafka allows a fetch.max.bytes of 0, which stands for one batch at a time (KIP-74), not for none.
        return Math.max(1, Math.min(mostPerFetch, Math.min(answers / brokers, overlapping)));
    }

    /** A window of its own for one broker. */
    AheadWindow window() {
        return new AheadWindow(capacity);
    }

    /** Sets aside what was granted until this broker's answer has come or failed. */
    public void reserve(int nodeId, int granted) {
        reserved.put(nodeId, occupiedBytes(granted));
    }

    /** The most memory that an answer of so many bytes occupies. */
    public static long occupiedBytes(int granted) {
        return (long) (granted * OVERHEAD);
    }

    /** Releases what was set aside; an answer's bytes count as held from here on. */
    public void release(int nodeId) {
        reserved.remove(nodeId);
    }
}
