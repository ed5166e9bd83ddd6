package dev.surefoot.core.fetch;

import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the memory that fetched answers occupy. Bytes are reserved before a fetch is sent, so that there is room for
 * its answer. The granted bytes become the request's {@code max_bytes}. Owned by the loop's thread.
 *
 * <p>The memory of an answer is released as a whole, when the application has read all of it. So a large budget is
 * granted in more shares than there are brokers: while the application reads one answer, a second one waits and a third
 * is on its way. If one answer could fill the budget, no answer could arrive while the application reads. A small
 * budget has one share for each broker, as many small answers would cost more in round trips than they gain.
 *
 * <p>A broker may exceed its share only by a single batch that is larger (KIP-74). So the bound is exceeded by at most
 * one such batch for each broker.
 */
public final class ByteBudget {
    /**
     * A pooled buffer is up to a quarter larger than the answer in it, and the answer has headers beside its records.
     */
    private static final double OVERHEAD = 1.25;

    /**
     * The answer that the application reads and the next one; the outstanding answer of each broker has its own share.
     */
    private static final int ARRIVED_SHARES = 2;

    /** An answer of this size takes much longer to send and to read than its round trip takes. */
    private static final long LARGE_ANSWER_BYTES = 4L << 20;

    /**
     * A part of a share is granted if it is at least one part in this many: smaller answers cost more in round trips.
     */
    private static final int WORTHWHILE_PART = 4;

    private final long capacity;
    private final int mostPerFetch;
    private final Map<Integer, Long> reserved = new HashMap<>();

    /**
     * @param capacity the bound in bytes ({@code surefoot.buffer.bytes})
     * @param mostPerFetch the most bytes of one fetch ({@code fetch.max.bytes})
     */
    public ByteBudget(long capacity, int mostPerFetch) {
        this.capacity = capacity;
        this.mostPerFetch = mostPerFetch;
    }

    /**
     * How many bytes the next fetch may ask for, or {@link FetchGrant#STARVED}. Changes nothing; {@link #reserve}
     * follows if the request was sent.
     *
     * @param heldBytes bytes of receive buffers in use
     * @param capacityNow the most bytes to hold now, as other consumers need memory too; the capacity bounds it
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
        // Kafka allows a fetch.max.bytes of 0, by which a broker sends one batch at a time (KIP-74).
        return Math.max(1, Math.min(mostPerFetch, Math.min(answers / brokers, overlapping)));
    }

    /** Creates the window of one broker. */
    AheadWindow window() {
        return new AheadWindow(capacity);
    }

    /** Reserves the granted bytes until {@link #release} for the same broker. */
    public void reserve(int nodeId, int granted) {
        reserved.put(nodeId, occupiedBytes(granted));
    }

    /** The most bytes of memory that an answer to a fetch of {@code granted} bytes occupies. */
    public static long occupiedBytes(int granted) {
        return (long) (granted * OVERHEAD);
    }

    /**
     * Releases this broker's reservation when its request has ended. From then on the answer's buffer counts as held.
     */
    public void release(int nodeId) {
        reserved.remove(nodeId);
    }
}
