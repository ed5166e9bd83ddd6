package dev.surefoot.testkit.simulation.check;

import java.util.Map;
import java.util.TreeMap;

/**
 * How often members were in each state when each answer came, how often ownerships ended in each way, and why members
 * have joined. Not thread-safe.
 */
public final class GroupStates {
    private final Map<String, Long> counts = new TreeMap<>();

    void reached(String protocol, Enum<?> state, String event) {
        counts.merge(protocol + " " + state + " " + event, 1L, Long::sum);
    }

    /** Adds the counts of another run. */
    public void add(GroupStates others) {
        others.counts.forEach((state, count) -> counts.merge(state, count, Long::sum));
    }

    /** Returns the counts by protocol, state and event, without those that are 0. */
    public Map<String, Long> all() {
        return counts;
    }
}
