package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit F4, after Apache Kafka before 2.3.0: a second request goes out before the answer to the first has been
 * processed, and carries the same epoch. The broker refuses one of the two.
 */
final class SameEpochTwice extends FlawedSession {
    private @Nullable FetchPlan first;
    private boolean secondSent;

    SameEpochTwice(FetchSession sound) {
        super(sound);
    }

    /**
     * False once while a request is outstanding, so that one request too many is sent; then
     * true until the next exchange.
     */
    @Override
    public boolean outstanding() {
        return super.outstanding() && secondSent;
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        return super.outstanding() && first != null ? again(first) : super.plan(topicIds, sessions, nowNanos);
    }

    @Override
    public void sent(FetchPlan plan) {
        if (super.outstanding()) {
            secondSent = true;
        } else {
            first = plan;
            secondSent = false;
            super.sent(plan);
        }
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        return isFirst(plan) ? super.answered(plan, answer, nowNanos) : new Verdict.Ignored();
    }

    @Override
    public void failed(FetchPlan plan) {
        if (isFirst(plan)) {
            super.failed(plan);
        }
    }

    @SuppressWarnings("ReferenceEquality") // two requests with the same content are still two
    private boolean isFirst(FetchPlan plan) {
        return plan == first;
    }
}
