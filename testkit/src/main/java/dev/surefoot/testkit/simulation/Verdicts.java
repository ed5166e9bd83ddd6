package dev.surefoot.testkit.simulation;

import dev.surefoot.core.session.Verdict;
import java.util.Map;
import java.util.TreeMap;

/** How often sessions came to each verdict. Not thread-safe. */
public final class Verdicts {
    private final Map<String, Long> counts = new TreeMap<>();

    void add(Verdict verdict) {
        if (verdict instanceof Verdict.Accepted accepted) {
            count("ACCEPTED_" + accepted.outcome());
            accepted.doubts().forEach(doubt -> count("DOUBTED_" + doubt.disbelief()));
        } else if (verdict instanceof Verdict.Refused refused) {
            count("REFUSED_" + refused.error());
        } else if (verdict instanceof Verdict.SessionMismatch diverged) {
            count("DIVERGED_" + diverged.mismatch());
        } else if (verdict instanceof Verdict.Ignored) {
            count("IGNORED");
        }
    }

    private void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    void add(Verdicts others) {
        others.counts.forEach((name, count) -> counts.merge(name, count, Long::sum));
    }

    /** The counts by name, without those that are 0. */
    public Map<String, Long> all() {
        return counts;
    }
}
