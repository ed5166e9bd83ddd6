package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.List;
import java.util.Map;

/**
 * Exhibit F16, after franz-go before 1.4.2: 0 in an answer is taken for a session id, and the next request continues
 * that session without changes. No broker has a session 0.
 */
final class ZeroSessionAdopted extends FlawedSession {
    private int adoptedEpoch = FetchPlan.INITIAL_EPOCH;

    ZeroSessionAdopted(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        if (adoptedEpoch == FetchPlan.INITIAL_EPOCH || plan.kind() != Kind.FULL) {
            return plan;
        }
        FetchPlan empty = new FetchPlan(
                Kind.INCREMENTAL, FetchPlan.NO_SESSION, adoptedEpoch, plan.byTopicId(), Map.of(), List.of(), false);
        return inPlaceOf(plan, empty);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, answer, nowNanos);
        boolean ended = verdict instanceof Verdict.Accepted accepted
                && accepted.doubts().isEmpty()
                && (accepted.outcome() == Outcome.NOT_GRANTED || accepted.outcome() == Outcome.ENDED);
        adoptedEpoch = ended && plan.kind() != Kind.SESSIONLESS && answer.sessionId() == FetchPlan.NO_SESSION
                ? Math.max(1, plan.epoch() + 1)
                : FetchPlan.INITIAL_EPOCH;
        return verdict;
    }

    @Override
    public void failed(FetchPlan plan) {
        adoptedEpoch = FetchPlan.INITIAL_EPOCH;
        super.failed(plan);
    }
}
