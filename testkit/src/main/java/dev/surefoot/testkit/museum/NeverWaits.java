package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;

/**
 * Exhibit F13, the client's half of a bug in Redpanda: an incremental request without changes is answered at once
 * instead of when there is data. Client and broker spin.
 */
final class NeverWaits extends FlawedSession {

    NeverWaits(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        boolean empty = plan.partitions().isEmpty() && plan.forgotten().isEmpty();
        if (plan.kind() != Kind.INCREMENTAL || !empty) {
            return plan;
        }
        return new FetchPlan(
                plan.kind(),
                plan.sessionId(),
                plan.epoch(),
                plan.byTopicId(),
                plan.partitions(),
                plan.forgotten(),
                true);
    }
}
