package dev.surefoot.wire;

/**
 * What requests say alike for a consumer's life.
 *
 * @param fetch what every Fetch request says
 * @param requestTimeoutMs tells a broker how long to search remote storage for an offset (KIP-1075)
 */
record WireSettings(FetchSettings fetch, int requestTimeoutMs) {
    /** The replica id of a client that is no broker. */
    static final int CONSUMER_REPLICA_ID = -1;
}
