package dev.surefoot.core.fetch;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All brokers that are fetched from. Owned by the loop's thread. */
final class FetchedBrokers {
    private final FetchSession.Factory sessions;
    private final ByteBudget budget;

    /**
     * In the order in which brokers were last asked, the longest ago first, so that none is left out when the budget is
     * short.
     */
    private final LinkedHashMap<Integer, FetchedBroker> brokers = new LinkedHashMap<>();

    FetchedBrokers(FetchSession.Factory sessions, ByteBudget budget) {
        this.sessions = sessions;
        this.budget = budget;
    }

    /** The broker of this id, which is added with a new session if it is not there. */
    FetchedBroker open(int nodeId) {
        FetchedBroker broker = brokers.get(nodeId);
        if (broker == null) {
            broker = new FetchedBroker(sessions.open(nodeId), budget.window());
            brokers.put(nodeId, broker);
        }
        return broker;
    }

    /**
     * The broker of this id.
     *
     * @throws IllegalArgumentException if nothing was ever fetched from it
     */
    FetchedBroker get(int nodeId) {
        FetchedBroker broker = brokers.get(nodeId);
        if (broker == null) {
            throw new IllegalArgumentException("node " + nodeId + " has no fetch session");
        }
        return broker;
    }

    /** The brokers whose next request is due, the longest waiting first. */
    List<Integer> due(long nowNanos) {
        List<Integer> due = new ArrayList<>();
        for (Map.Entry<Integer, FetchedBroker> each : brokers.entrySet()) {
            if (each.getValue().dueAtNanos() <= nowNanos) {
                due.add(each.getKey());
            }
        }
        return due;
    }

    /** When the next broker will be due that is not yet, or {@link Long#MAX_VALUE}. */
    long nextDueNanos(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (FetchedBroker broker : brokers.values()) {
            long dueAt = broker.dueAtNanos();
            next = dueAt > nowNanos ? Math.min(next, dueAt) : next;
        }
        return next;
    }

    /** How many brokers share the budget, 1 or more. */
    int sharing() {
        int sharing = 0;
        for (FetchedBroker broker : brokers.values()) {
            sharing += broker.sharesBudget() ? 1 : 0;
        }
        return Math.max(1, sharing);
    }

    /** The broker was asked just now: all others come before it. */
    void moveLast(int nodeId) {
        FetchedBroker broker = brokers.remove(nodeId);
        if (broker != null) {
            brokers.put(nodeId, broker);
        }
    }

    /** Gives up the session of a broker that nothing is wanted from and nothing outstanding at. */
    void removeIfIdle(int nodeId) {
        FetchedBroker broker = brokers.get(nodeId);
        if (broker != null && broker.isIdle()) {
            brokers.remove(nodeId);
        }
    }

    /** Closes every session; returns what is to be sent to which broker, as far as it can be. */
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
