package dev.surefoot.testkit.simulation.schedule;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts how often each act has happened. An act without an effect does not count. Not thread-safe. */
public final class ActCounts {
    private final Map<Act, Long> counts = new EnumMap<>(Act.class);

    /** Counts one act. */
    public void happened(Act act) {
        counts.merge(act, 1L, Long::sum);
    }

    /** How often the act happened. */
    public long of(Act act) {
        return counts.getOrDefault(act, 0L);
    }

    /** Adds the counts of another run. */
    public void add(ActCounts others) {
        others.counts.forEach((act, count) -> counts.merge(act, count, Long::sum));
    }

    /** All counts, in the order of the acts, zeros included. */
    public Map<Act, Long> all() {
        Map<Act, Long> all = new LinkedHashMap<>();
        for (Act act : Act.values()) {
            all.put(act, of(act));
        }
        return all;
    }
}
