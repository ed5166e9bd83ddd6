package dev.surefoot.core.fetch;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All brokers that are fetched from. Owned by the loop's thread. */
final class FetchedBrokers {
    private final FetchSession.Factory sessions;
    private final ByteBudget budget;

    /**
     * In the order of their last request, the earliest first, so that every broker gets its turn when the budget is
     * short.
     */
    private final LinkedHashMap<Integer, FetchedBroker> brokers = new LinkedHashMap<>();

    FetchedBrokers(FetchSession.Factory sessions, ByteBudget budget) {
        this.sessions = sessions;
        this.budget = budget;
    }

    /** Returns the broker with this id, and adds it with a new session if it is missing. */
    FetchedBroker open(int nodeId) {
        FetchedBroker broker = brokers.get(nodeId);
        if (broker == null) {
            broker = new FetchedBroker(sessions.open(nodeId), budget.window());
            brokers.put(nodeId, broker);
        }
        return broker;
    }

    /** The broker with this id, or null if it has no session. */
    @Nullable FetchedBroker find(int nodeId) {
        return brokers.get(nodeId);
    }

    /** Has a new session of the usual handler take the place of the broker's session; see {@link FetchedBroker}. */
    void replace(int nodeId) {
        open(nodeId).replaceBy(sessions.open(nodeId));
    }

    /**
     * The broker with this id.
     *
     * @throws IllegalArgumentException if it has no session
     */
    FetchedBroker get(int nodeId) {
        FetchedBroker broker = brokers.get(nodeId);
        if (broker == null) {
            throw new IllegalArgumentException("node " + nodeId + " has no fetch session");
        }
        return broker;
    }

    /** The node ids of the brokers whose next request is due, those with the earliest last request first. */
    List<Integer> due(long nowNanos) {
        List<Integer> due = new ArrayList<>();
        for (Map.Entry<Integer, FetchedBroker> each : brokers.entrySet()) {
            if (each.getValue().dueAtNanos() <= nowNanos) {
                due.add(each.getKey());
            }
        }
        return due;
    }

    /** The earliest time after {@code nowNanos} at which a broker is due, or {@link Long#MAX_VALUE}. */
    long nextDueNanos(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (FetchedBroker broker : brokers.values()) {
            long dueAt = broker.dueAtNanos();
            next = dueAt > nowNanos ? Math.min(next, dueAt) : next;
        }
        return next;
    }

    /** The number of brokers that share the budget, at least 1. */
    int sharing() {
        int sharing = 0;
        for (FetchedBroker broker : brokers.values()) {
            sharing += broker.sharesBudget() ? 1 : 0;
        }
        return Math.max(1, sharing);
    }

    /** Moves the broker to the end of the order, after a request to it was sent. */
    void moveLast(int nodeId) {
        FetchedBroker broker = brokers.remove(nodeId);
        if (broker != null) {
            brokers.put(nodeId, broker);
        }
    }

    /** Removes a broker without partitions and without an outstanding request. */
    void removeIfIdle(int nodeId) {
        FetchedBroker broker = brokers.get(nodeId);
        if (broker != null && broker.isIdle()) {
            brokers.remove(nodeId);
        }
    }

    /** Closes every session; returns the plans of the closing requests by node id. */
    Map<Integer, FetchPlan> close() {
        Map<Integer, FetchPlan> closing = new HashMap<>();
        brokers.forEach((nodeId, broker) -> {
            FetchPlan plan = broker.session().close();
            if (plan != null) {
                closing.put(nodeId, plan);
            }
        });
        return closing;
    }
}
