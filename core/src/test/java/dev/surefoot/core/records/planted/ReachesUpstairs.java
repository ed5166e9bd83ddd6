package dev.surefoot.core.records.planted;

import dev.surefoot.core.exchange.Request;

/** A class of floor 0 that knows one of floor 5. */
public interface ReachesUpstairs {
    void send(Request<?> request);
}
