package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.function.Predicate;

/**
 * Exhibits F8 and F17: the epoch stays where it is after some kinds of good answer, though the broker advanced when it
 * accepted the request. The next request repeats the epoch and is refused.
 */
final class EpochNotAdvanced extends FlawedSession {
    private final Predicate<FetchAnswer> mistaken;
    private int lagging = FetchPlan.INITIAL_EPOCH;

    /** @param mistaken the good answers that this handler takes for bad ones */
    EpochNotAdvanced(FetchSession sound, Predicate<FetchAnswer> mistaken) {
        super(sound);
        this.mistaken = mistaken;
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        boolean repeats = lagging != FetchPlan.INITIAL_EPOCH && plan.kind() == Kind.INCREMENTAL;
        return repeats ? inPlaceOf(plan, withSession(plan, plan.sessionId(), lagging)) : plan;
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, answer, nowNanos);
        boolean good = verdict instanceof Verdict.Accepted accepted && accepted.outcome() == Outcome.CONTINUED;
        lagging = good && mistaken.test(answer) ? plan.epoch() : FetchPlan.INITIAL_EPOCH;
        return verdict;
    }
}
