package dev.surefoot.core.guard;

import dev.surefoot.core.session.SessionHealth;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Brokers that drop fetch sessions which are in use, or give none. Queries only. Owned by the loop's thread. */
final class SessionConcerns {
    /** Sessions dropped within a minute, or not given in a row, from which on that is not a matter of chance. */
    private static final int IN_A_ROW = 3;

    private final Map<Integer, BrokerLedger> brokers;
    private final IntFunction<@Nullable SessionHealth> health;

    SessionConcerns(Map<Integer, BrokerLedger> brokers, IntFunction<@Nullable SessionHealth> health) {
        this.brokers = brokers;
        this.health = health;
    }

    void present(long nowNanos, Consumer<ConsumerFinding.Named> to) {
        brokers.forEach((nodeId, broker) -> {
            SessionHealth now = health.apply(nodeId);
            int notGranted = now == null ? 0 : now.notGrantedInARow();
            int dropped = broker.dropped(nowNanos);
            if (dropped >= IN_A_ROW || notGranted >= IN_A_ROW) {
                to.accept(new ConsumerFinding.Named(
                        StallCause.SESSION_THRASH,
                        Severity.FINE,
                        new Scope.Broker(nodeId),
                        dropped >= IN_A_ROW ? broker.droppedSinceNanos() : broker.notGrantedSinceNanos(),
                        new Evidence.Sessions(Marks.UNKNOWN, nodeId, dropped, notGranted)));
            }
        });
    }
}
