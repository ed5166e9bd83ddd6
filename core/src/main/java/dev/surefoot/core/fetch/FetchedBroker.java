package dev.surefoot.core.fetch;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.time.Backoff;
import org.apache.kafka.common.TopicPartition;

/** One broker that is fetched from: its session, and what of it is under way. Owned by the loop's thread. */
final class FetchedBroker {
    /** How long a session that wants nothing is kept, so that a pause of everything does not cost a new session. */
    private static final long EMPTY_SESSION_GRACE_NANOS = 5_000_000_000L;

    private final FetchSession session;
    private final AheadWindow ahead;
    private int partitions;
    private long emptySinceNanos;
    private long sentAtSequence;
    private int failures;
    private long retryAtNanos;

    FetchedBroker(FetchSession session, AheadWindow ahead) {
        this.session = session;
        this.ahead = ahead;
    }

    FetchSession session() {
        return session;
    }

    AheadWindow ahead() {
        return ahead;
    }

    /** How many partitions are in the session. */
    int partitions() {
        return partitions;
    }

    /** One partition more is in the session; {@link FetchSession#want} says how it is fetched. */
    void addPartition() {
        partitions++;
    }

    void removePartition(TopicPartition partition, long nowNanos) {
        session.unwant(partition);
        partitions--;
        emptySinceNanos = nowNanos;
    }

    /** Whether the broker needs a share of the budget: one that all partitions have left does until it has answered. */
    boolean sharesBudget() {
        return partitions > 0 || session.outstanding();
    }

    /** Whether there is nothing to ask the broker for and nothing outstanding. */
    boolean isIdle() {
        return !sharesBudget();
    }

    /** When the next request is due, or {@link Long#MAX_VALUE} if none is. */
    long dueAtNanos() {
        if (session.outstanding()) {
            return Long.MAX_VALUE;
        }
        if (session.wantsAny()) {
            return Math.max(retryAtNanos, session.retryAtNanos());
        }
        return session.brokerHoldsAny() ? emptySinceNanos + EMPTY_SESSION_GRACE_NANOS : Long.MAX_VALUE;
    }

    /** @param sequence the count of invalidations, by which is told whether the answer may still be used */
    void sent(FetchPlan plan, long sequence) {
        session.sent(plan);
        sentAtSequence = sequence;
    }

    /** The count of invalidations when the last request was sent. */
    long sentAtSequence() {
        return sentAtSequence;
    }

    /** The broker has answered, so its next failure is the first in a row. */
    void endFailures() {
        failures = 0;
    }

    /** The outcome of the outstanding request is unknown; the next one may leave at this time. */
    void failed(FetchPlan plan, long nextAtNanos) {
        session.failed(plan);
        retryAtNanos = nextAtNanos;
    }

    /** As {@link #failed}; the next request backs off, longer with each failure in a row. */
    void failedWithBackOff(FetchPlan plan, Backoff backoff, long nowNanos) {
        failures++;
        failed(plan, nowNanos + backoff.delayNanos(failures));
    }
}
