package dev.surefoot.wire;

/**
 * The part of requests that stays the same for a consumer's life.
 *
 * @param fetch the same part of Fetch requests
 * @param requestTimeoutMs tells a broker for how many milliseconds to search remote storage for an offset (KIP-1075)
 * @param needsStableOffsets whether a broker that cannot hold committed offsets of open transactions back (KIP-447,
 *     before 2.5) is an error; else such offsets are used
 */
record WireSettings(FetchSettings fetch, int requestTimeoutMs, boolean needsStableOffsets) {
    /** The replica id of a client that is no broker. */
    static final int CONSUMER_REPLICA_ID = -1;
}
