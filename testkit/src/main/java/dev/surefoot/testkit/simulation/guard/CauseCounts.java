package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.Map;
import java.util.TreeMap;

/** How often the guard named each cause at each severity. Not thread-safe. */
public final class CauseCounts {
    private final Map<StallCause, Map<Severity, Long>> counts = new TreeMap<>();

    /** When each cause was first named at each severity, in nanoseconds of virtual time. */
    private final Map<StallCause, Map<Severity, Long>> firstNanos = new TreeMap<>();

    void count(StallCause cause, Severity severity, long nowNanos) {
        firstNanos.computeIfAbsent(cause, each -> new TreeMap<>()).putIfAbsent(severity, nowNanos);
        counts.computeIfAbsent(cause, each -> new TreeMap<>()).merge(severity, 1L, Long::sum);
    }

    /** Adds the counts of another run. */
    public void add(CauseCounts others) {
        others.counts.forEach((cause, severities) -> severities.forEach((severity, count) ->
                counts.computeIfAbsent(cause, each -> new TreeMap<>()).merge(severity, count, Long::sum)));
    }

    /** Returns when the cause was first named at this severity, in nanoseconds of the run's time; -1 if never. */
    public long firstNanos(StallCause cause, Severity severity) {
        return firstNanos.getOrDefault(cause, Map.of()).getOrDefault(severity, -1L);
    }

    /** Returns the counts of looks at partitions, without those that are 0. */
    public Map<StallCause, Map<Severity, Long>> all() {
        return counts;
    }
}
