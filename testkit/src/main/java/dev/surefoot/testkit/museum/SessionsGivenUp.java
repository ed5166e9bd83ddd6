package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;

/**
 * Exhibit F16b, after franz-go: after one good answer without a session id, this client never requests a session of
 * that broker again. A moment's throttling or a full cache is enough.
 */
final class SessionsGivenUp extends FlawedSession {
    private boolean givenUp;

    SessionsGivenUp(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        if (!givenUp || plan.kind() != Kind.FULL) {
            return plan;
        }
        return new FetchPlan(
                Kind.SESSIONLESS,
                FetchPlan.NO_SESSION,
                FetchPlan.FINAL_EPOCH,
                plan.byTopicId(),
                plan.partitions(),
                plan.forgotten(),
                plan.immediate());
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, answer, nowNanos);
        givenUp |= verdict instanceof Verdict.Accepted
                && plan.kind() != Kind.SESSIONLESS
                && answer.sessionId() <= FetchPlan.NO_SESSION;
        return verdict;
    }
}
