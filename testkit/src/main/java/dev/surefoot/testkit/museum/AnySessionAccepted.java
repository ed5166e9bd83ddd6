package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.testkit.exchange.ChangedAnswers;

/**
 * Exhibit A5, as in Apache Kafka: the session id of an incremental answer is not compared with that of the request. An
 * answer that was meant for another session passes if its partitions fit.
 */
final class AnySessionAccepted extends FlawedSession {

    AnySessionAccepted(FetchSession sound) {
        super(sound);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        boolean taken = plan.kind() == Kind.INCREMENTAL && answer.sessionId() > 0;
        return super.answered(plan, taken ? ChangedAnswers.withSessionId(answer, plan.sessionId()) : answer, nowNanos);
    }
}
