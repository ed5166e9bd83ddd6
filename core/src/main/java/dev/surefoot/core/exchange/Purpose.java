package dev.surefoot.core.exchange;

/**
 * The purpose of a connection. A broker answers the requests of one connection one after another, so a request that it
 * holds back delays those behind it. Therefore purposes do not share connections, and a client has at most one
 * connection to a broker for each purpose.
 */
public enum Purpose {
    /** Fetches, which a broker holds back until there is data. */
    FETCH,
    /** Requests that are answered at once: metadata, look-ups, the end of a session. */
    CONTROL,
    /**
     * Requests to a group's coordinator. It may hold back a JoinGroup or SyncGroup for as long as a rebalance takes. It
     * gets the requests of this connection in the order in which they were sent.
     */
    COORDINATOR
}
