package dev.surefoot.core.group;

import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.RequestFailure;
import org.jspecify.annotations.Nullable;

/** Brokers 0, 1, 2, …, asked in turn. */
final class ScriptedBrokers implements BrokerChoice {
    /** Why no broker can be asked, or null. */
    @Nullable RequestFailure failure;
    /** Whether there is a broker to ask. */
    boolean found = true;

    private int next;

    @Override
    public Choice choose(Outbox outbox, long nowNanos) {
        return new Choice(next, found && failure == null, failure);
    }

    @Override
    public void tryNext() {
        next++;
    }
}
