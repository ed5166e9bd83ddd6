package dev.surefoot.core.fetch;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.time.Backoff;
import org.apache.kafka.common.TopicPartition;

/**
 * One broker that is fetched from: its session, its partitions and its outstanding request. Owned by the loop's thread.
 */
final class FetchedBroker {
    /**
     * How long a session without wanted partitions is kept, so that a short pause of all partitions does not cost a new
     * session.
     */
    private static final long EMPTY_SESSION_GRACE_NANOS = 5_000_000_000L;

    private final FetchSession session;
    private final AheadWindow ahead;
    private final LinkAllowance allowance = new LinkAllowance();
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

    LinkAllowance allowance() {
        return allowance;
    }

    /** The number of partitions in the session. */
    int partitions() {
        return partitions;
    }

    /** Counts one more partition in the session; {@link FetchSession#want} then gives its target. */
    void addPartition() {
        partitions++;
    }

    /** Removes the partition from the session. */
    void removePartition(TopicPartition partition, long nowNanos) {
        session.unwant(partition);
        partitions--;
        emptySinceNanos = nowNanos;
    }

    /** Whether the broker needs a share of the budget. One without partitions needs it until its request has ended. */
    boolean sharesBudget() {
        return partitions > 0 || session.outstanding();
    }

    /** Whether the broker has neither partitions nor an outstanding request. */
    boolean isIdle() {
        return !sharesBudget();
    }

    /**
     * The time at which the next request is due, in nanoseconds of the loop's clock, or {@link Long#MAX_VALUE} if none
     * is.
     */
    long dueAtNanos() {
        if (session.outstanding()) {
            return Long.MAX_VALUE;
        }
        if (session.wantsAny()) {
            return Math.max(retryAtNanos, session.retryAtNanos());
        }
        return session.brokerHoldsAny() ? emptySinceNanos + EMPTY_SESSION_GRACE_NANOS : Long.MAX_VALUE;
    }

    /** @param sequence the invalidation count, by which partitions later decide whether the answer may be used */
    void sent(FetchPlan plan, long sequence) {
        session.sent(plan);
        sentAtSequence = sequence;
    }

    /** The invalidation count when the last request was sent. */
    long sentAtSequence() {
        return sentAtSequence;
    }

    /** Ends the row of failures, after the broker has answered. */
    void endFailures() {
        failures = 0;
    }

    /** Ends the outstanding request without a known outcome. The next one may leave at {@code nextAtNanos}. */
    void failed(FetchPlan plan, long nextAtNanos) {
        session.failed(plan);
        retryAtNanos = nextAtNanos;
    }

    /** As {@link #failed}, but the next request backs off, longer with each failure in a row. */
    void failedWithBackOff(FetchPlan plan, Backoff backoff, long nowNanos) {
        failures++;
        failed(plan, nowNanos + backoff.delayNanos(failures));
    }
}
