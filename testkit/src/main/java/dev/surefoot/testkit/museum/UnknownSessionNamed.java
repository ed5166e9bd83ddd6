package dev.surefoot.testkit.museum;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;

/**
 * Exhibit F22: after error 70 the request for a new session carries the id that this broker does not know. Behind a
 * proxy, or where ids are assigned in sequence, that id may belong to another client, whose session this request then
 * ends.
 */
final class UnknownSessionNamed extends FlawedSession {
    private int unknown = FetchPlan.NO_SESSION;

    UnknownSessionNamed(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        boolean named = unknown != FetchPlan.NO_SESSION && plan.kind() == Kind.FULL;
        return named ? inPlaceOf(plan, withSession(plan, unknown, plan.epoch())) : plan;
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        boolean notFound = answer.error() == BrokerError.FETCH_SESSION_ID_NOT_FOUND;
        unknown = notFound ? plan.sessionId() : FetchPlan.NO_SESSION;
        return super.answered(plan, answer, nowNanos);
    }
}
