package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.Verdict.Outcome;
import dev.surefoot.testkit.exchange.ChangedAnswers;

/**
 * Exhibit F6, after sarama: the session id of an answer is ignored, so each request opens another session and lists
 * everything. The broker's cache fills with unused sessions, and those of other clients are evicted.
 */
final class SessionIdIgnored extends FlawedSession {
    private boolean granted;

    SessionIdIgnored(FetchSession sound) {
        super(sound);
    }

    @Override
    public boolean brokerHoldsAny() {
        return granted;
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, ChangedAnswers.withSessionId(answer, FetchPlan.NO_SESSION), nowNanos);
        granted = false;
        if (verdict instanceof Verdict.Accepted accepted
                && accepted.outcome() == Outcome.NOT_GRANTED
                && plan.kind() == Kind.FULL
                && answer.sessionId() > 0) {
            granted = accepted.doubts().isEmpty() && !plan.partitions().isEmpty();
            return new Verdict.Accepted(Outcome.OPENED, accepted.reports(), accepted.doubts());
        }
        return verdict;
    }

    @Override
    public void failed(FetchPlan plan) {
        granted = false;
        super.failed(plan);
    }
}
