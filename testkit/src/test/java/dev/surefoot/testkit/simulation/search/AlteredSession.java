package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.SessionHealth;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The session that ships with one thing done wrong on the way in or out. */
class AlteredSession implements FetchSession {
    final FetchSession sound;
    /** What the sound session planned where this one says something else. */
    private @Nullable FetchPlan planned;

    AlteredSession(long auditIntervalNanos) {
        sound = new VerifiedFetchSession(true, auditIntervalNanos, new Backoff(0, 0, new SplittableRandom(1)));
    }

    /** What is said instead of this plan. */
    FetchPlan altered(FetchPlan plan) {
        return plan;
    }

    /** What is heard instead of this answer. */
    FetchAnswer altered(FetchPlan plan, FetchAnswer answer) {
        return answer;
    }

    /** The sound session's plan for what is outstanding. */
    FetchPlan planned() {
        return Objects.requireNonNull(planned);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        planned = sound.plan(topicIds, sessions, nowNanos);
        return altered(planned);
    }

    @Override
    public void sent(FetchPlan plan) {
        sound.sent(planned());
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        return sound.answered(planned(), altered(planned(), answer), nowNanos);
    }

    @Override
    public void failed(FetchPlan plan) {
        sound.failed(planned());
    }

    @Override
    public void want(TopicPartition partition, Uuid topicId, FetchTarget target) {
        sound.want(partition, topicId, target);
    }

    @Override
    public void unwant(TopicPartition partition) {
        sound.unwant(partition);
    }

    @Override
    public boolean wantsAny() {
        return sound.wantsAny();
    }

    @Override
    public boolean brokerHoldsAny() {
        return sound.brokerHoldsAny();
    }

    @Override
    public boolean outstanding() {
        return sound.outstanding();
    }

    @Override
    public long retryAtNanos() {
        return sound.retryAtNanos();
    }

    @Override
    public void reannounce(TopicPartition partition) {
        sound.reannounce(partition);
    }

    @Override
    public void reopen() {
        sound.reopen();
    }

    @Override
    public SessionHealth health() {
        return sound.health();
    }

    @Override
    public @Nullable FetchPlan close() {
        return sound.close();
    }
}
