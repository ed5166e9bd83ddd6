package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;

/**
 * Exhibit X7: the epoch after 2147483647 overflows to a negative number. A negative epoch has another meaning, and no
 * session expects it.
 */
final class EpochOverflow extends FlawedSession {
    private boolean atLargest;
    private boolean overflowed;

    EpochOverflow(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        boolean beyond = overflowed || (atLargest && plan.epoch() == 1);
        return plan.kind() == Kind.INCREMENTAL && beyond
                ? inPlaceOf(plan, withSession(plan, plan.sessionId(), plan.epoch() + Integer.MAX_VALUE))
                : plan;
    }

    @Override
    public void sent(FetchPlan plan) {
        atLargest = plan.epoch() == Integer.MAX_VALUE;
        overflowed = plan.kind() == Kind.INCREMENTAL && plan.epoch() < 0;
        super.sent(plan);
    }
}
