package dev.surefoot.wire;

/**
 * The part of Fetch requests that stays the same for a consumer's life.
 *
 * @param maxWaitMs how many milliseconds a broker may hold the request back while it has fewer than {@code minBytes}
 * @param minBytes the least bytes of records that the broker answers with before {@code maxWaitMs} is over
 * @param readCommitted whether to request committed records and the list of aborted transactions
 * @param rackId the client's rack, empty for none (KIP-392)
 */
public record FetchSettings(int maxWaitMs, int minBytes, boolean readCommitted, String rackId) {
    /** The same, of a client whose rack is not known. */
    FetchSettings withoutRack() {
        return new FetchSettings(maxWaitMs, minBytes, readCommitted, "");
    }
}
