package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit X10, after platformatic/kafka: after a request with unknown outcome, the same request is sent again with the
 * same epoch. If the broker had accepted the first one, it refuses the second.
 */
final class UnknownOutcomeIgnored extends FlawedSession {
    /** The request with unknown outcome, which is still outstanding for the sound handler. */
    private @Nullable FetchPlan unknown;

    private boolean repeated;

    UnknownOutcomeIgnored(FetchSession sound) {
        super(sound);
    }

    @Override
    public boolean brokerHoldsAny() {
        return unknown == null && super.brokerHoldsAny();
    }

    @Override
    public boolean outstanding() {
        return unknown == null ? super.outstanding() : repeated;
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        return unknown == null ? super.plan(topicIds, sessions, nowNanos) : again(unknown);
    }

    @Override
    public void sent(FetchPlan plan) {
        if (unknown == null) {
            super.sent(plan);
        } else {
            repeated = true;
        }
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        FetchPlan first = unknown == null ? plan : unknown;
        unknown = null;
        repeated = false;
        return super.answered(first, answer, nowNanos);
    }

    @Override
    public void failed(FetchPlan plan) {
        repeated = false;
        if (unknown == null && plan.kind() == Kind.INCREMENTAL) {
            unknown = plan;
        } else if (unknown == null) {
            super.failed(plan);
        }
    }
}
