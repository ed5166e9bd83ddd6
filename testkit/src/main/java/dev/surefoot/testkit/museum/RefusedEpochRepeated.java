package dev.surefoot.testkit.museum;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit F9, after Redpanda's direct consumer: error 71 does not end the session at the client. It sends the same
 * session id and epoch again and is refused again, for ever.
 */
final class RefusedEpochRepeated extends FlawedSession {
    private @Nullable FetchPlan refused;

    RefusedEpochRepeated(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        return refused == null ? plan : inPlaceOf(plan, again(refused));
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        boolean wrongEpoch = answer.error() == BrokerError.INVALID_FETCH_SESSION_EPOCH;
        refused = wrongEpoch && plan.kind() == Kind.INCREMENTAL ? plan : null;
        return super.answered(plan, answer, nowNanos);
    }

    @Override
    public void failed(FetchPlan plan) {
        refused = null;
        super.failed(plan);
    }
}
