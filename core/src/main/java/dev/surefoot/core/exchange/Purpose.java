package dev.surefoot.core.exchange;

/**
 * What a connection is for. Two purposes never share a connection, so a broker has at most as many connections of one
 * client as there are purposes: it answers the requests of one connection one after another, and a request that it
 * holds back would hold up whatever is asked behind it.
 */
public enum Purpose {
    /** Fetches within a session, which a broker holds back until there is something to read. */
    FETCH,
    /** What is answered at once: metadata, look-ups, the end of a session. */
    CONTROL,
    /**
     * What a group's coordinator is asked. It may hold back a JoinGroup or SyncGroup for as long as a rebalance takes.
     * The order of requests on this connection is the order in which the coordinator sees them.
     */
    COORDINATOR
}
