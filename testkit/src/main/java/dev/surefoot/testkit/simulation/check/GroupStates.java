package dev.surefoot.testkit.simulation.check;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often members were in each state when each answer came. Not thread-safe. */
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

    /** Returns the states that were reached, but not this often. */
    public List<String> rarerThan(long times) {
        return counts.entrySet().stream()
                .filter(state -> state.getValue() < times)
                .map(Map.Entry::getKey)
                .toList();
    }
}
