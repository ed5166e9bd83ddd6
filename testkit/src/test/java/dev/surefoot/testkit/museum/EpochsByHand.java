package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.SessionBelief;
import dev.surefoot.core.session.SessionHealth;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A session that says the epoch it is told to, as it would take too long to count up to the largest. */
final class EpochsByHand implements FetchSession {
    int next = 1;

    @Override
    public void want(TopicPartition partition, Uuid topicId, FetchTarget target) {}

    @Override
    public void unwant(TopicPartition partition) {}

    @Override
    public boolean wantsAny() {
        return true;
    }

    @Override
    public boolean brokerHoldsAny() {
        return true;
    }

    @Override
    public boolean outstanding() {
        return false;
    }

    @Override
    public long retryAtNanos() {
        return 0;
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        return new FetchPlan(Kind.INCREMENTAL, OneSession.GRANTED, next, true, Map.of(), List.of(), false);
    }

    @Override
    public void sent(FetchPlan plan) {}

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        return new Verdict.Accepted(Outcome.CONTINUED, List.of(), List.of());
    }

    @Override
    public void failed(FetchPlan plan) {}

    @Override
    public void reannounce(TopicPartition partition) {}

    @Override
    public void reopen() {}

    @Override
    public SessionHealth health() {
        return new SessionHealth(SessionBelief.State.LIVE, false, 0, 0);
    }

    @Override
    public FetchPlan close() {
        return null;
    }
}
