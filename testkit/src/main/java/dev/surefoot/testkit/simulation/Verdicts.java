package dev.surefoot.testkit.simulation;

import dev.surefoot.core.session.Verdict;
import java.util.Map;
import java.util.TreeMap;

/** How often sessions came to each verdict. Not thread-safe. */
public final class Verdicts {
    private final Map<String, Long> counts = new TreeMap<>();

    void add(Verdict verdict) {
        verdict.accept(new Counting());
    }

    private final class Counting implements Verdict.Visitor {
        @Override
        public void accepted(Verdict.Accepted accepted) {
            count("ACCEPTED_" + accepted.outcome());
            accepted.doubts().forEach(doubt -> count("DOUBTED_" + doubt.reason()));
        }

        @Override
        public void refused(Verdict.Refused refused) {
            count("REFUSED_" + refused.error());
        }

        @Override
        public void mismatched(Verdict.SessionMismatch mismatched) {
            count("DIVERGED_" + mismatched.mismatch());
        }

        @Override
        public void ignored(Verdict.Ignored ignored) {
            count("IGNORED");
        }
    }

    private void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    void add(Verdicts others) {
        others.counts.forEach((name, count) -> counts.merge(name, count, Long::sum));
    }

    /** Returns the counts by name, without those that are 0. */
    public Map<String, Long> all() {
        return counts;
    }
}
