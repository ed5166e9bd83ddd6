package dev.surefoot.wire;

/**
 * The part of requests that stays the same for a consumer's life.
 *
 * @param fetch the same part of Fetch requests
 * @param requestTimeoutMs tells a broker for how many milliseconds to search remote storage for an offset (KIP-1075)
 */
record WireSettings(FetchSettings fetch, int requestTimeoutMs) {
    /** The replica id of a client that is no broker. */
    static final int CONSUMER_REPLICA_ID = -1;
}
