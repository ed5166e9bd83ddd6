package dev.surefoot.core.fetch;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** All brokers that are fetched from. Owned by the loop's thread. */
final class FetchedBrokers {
    private final IntFunction<FetchedBroker> open;

    /**
     * In the order of their last request, the earliest first, so that every broker gets its turn when the budget is
     * short.
     */
    private final LinkedHashMap<Integer, FetchedBroker> brokers = new LinkedHashMap<>();

    FetchedBrokers(FetchSession.Factory sessions, ByteBudget budget) {
        this.open = nodeId -> new FetchedBroker(sessions.open(nodeId), budget.window());
    }

    /** Returns the broker with this id, and adds it with a new session if it is missing. */
    FetchedBroker open(int nodeId) {
        return brokers.computeIfAbsent(nodeId, open::apply);
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
        brokers.forEach((nodeId, broker) -> {
            if (broker.dueAtNanos() <= nowNanos) {
                due.add(nodeId);
            }
        });
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
        long sharing =
                brokers.values().stream().filter(FetchedBroker::sharesBudget).count();
        return (int) Math.max(1, sharing);
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
