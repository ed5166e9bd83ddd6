package dev.surefoot.core.exchange;

import org.jspecify.annotations.Nullable;

/** Finds a broker for what any broker can answer. Owned by the loop's thread. */
public interface BrokerChoice {
    /** A broker to ask, or none yet, or none at all for the reason given. */
    record Choice(int nodeId, boolean found, @Nullable RequestFailure failure) {}

    /** Chooses among those that can be reached; starts to connect if there is no connection. */
    Choice choose(Outbox outbox, long nowNanos);

    /** The broker that was asked has not answered; another one is asked next. */
    void tryNext();
}
