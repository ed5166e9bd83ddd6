package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;

/**
 * Exhibit F2, after kafka-python 2.1.4 to 2.2.2: when the session was refused, the handling of the answer returns
 * before the line that marks the broker's fetch as answered. That broker never gets another fetch.
 */
final class OutstandingForEver extends FlawedSession {
    private boolean leaked;

    OutstandingForEver(FetchSession sound) {
        super(sound);
    }

    @Override
    public boolean outstanding() {
        return leaked || super.outstanding();
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, answer, nowNanos);
        leaked |= verdict instanceof Verdict.Refused;
        return verdict;
    }
}
