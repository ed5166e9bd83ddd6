package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often the guard named each cause at each severity. Not thread-safe. */
public final class CauseCounts {
    /** Looks are at most this far apart while an application polls. */
    private static final long APART_NANOS = 1_000_000_000L;

    /** When a cause was named at one severity, in nanoseconds of virtual time. */
    private static final class Times {
        private final List<Long> beginnings = new ArrayList<>();
        private long lastNanos;
    }

    private final Map<StallCause, Map<Severity, Long>> counts = new TreeMap<>();
    private final Map<StallCause, Long> announced = new TreeMap<>();
    private final Map<StallCause, Map<Severity, Times>> times = new TreeMap<>();

    void count(StallCause cause, Severity severity, long nowNanos) {
        counts.computeIfAbsent(cause, each -> new TreeMap<>()).merge(severity, 1L, Long::sum);
        Times named =
                times.computeIfAbsent(cause, each -> new TreeMap<>()).computeIfAbsent(severity, each -> new Times());
        if (named.beginnings.isEmpty() || nowNanos - named.lastNanos > APART_NANOS) {
            named.beginnings.add(nowNanos);
        }
        named.lastNanos = nowNanos;
    }

    /** Takes note that a stall by this cause was announced. */
    void announced(StallCause cause) {
        announced.merge(cause, 1L, Long::sum);
    }

    /** Returns how often a stall by each cause was announced, without those that never were. */
    public Map<StallCause, Long> announced() {
        return announced;
    }

    /** Adds the counts of another run. */
    public void add(CauseCounts others) {
        others.announced.forEach((cause, count) -> announced.merge(cause, count, Long::sum));
        others.counts.forEach((cause, severities) -> severities.forEach((severity, count) ->
                counts.computeIfAbsent(cause, each -> new TreeMap<>()).merge(severity, count, Long::sum)));
    }

    /** Adds the counts of another consumer in the same run, and when its guard named them. */
    public void addOfSameRun(CauseCounts others) {
        add(others);
        others.times.forEach((cause, severities) ->
                severities.forEach((severity, named) -> times.computeIfAbsent(cause, each -> new TreeMap<>())
                        .computeIfAbsent(severity, each -> new Times())
                        .beginnings
                        .addAll(named.beginnings)));
    }

    /**
     * Returns when the cause began to be named at this severity, at or after a time, in nanoseconds of the run's time;
     * -1 if it never did.
     */
    public long beganNanos(StallCause cause, Severity severity, long fromNanos) {
        Times named = times.getOrDefault(cause, Map.of()).get(severity);
        return named == null
                ? -1
                : named.beginnings.stream()
                        .filter(nanos -> nanos >= fromNanos)
                        .min(Comparator.naturalOrder())
                        .orElse(-1L);
    }

    /** Returns the counts of looks at partitions, without those that are 0. */
    public Map<StallCause, Map<Severity, Long>> all() {
        return counts;
    }
}
