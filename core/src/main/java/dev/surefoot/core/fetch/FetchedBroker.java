package dev.surefoot.core.fetch;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.time.Backoff;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One broker that is fetched from: its session, its partitions and its outstanding request. Owned by the loop's thread.
 */
final class FetchedBroker {
    /**
     * How long a session without wanted partitions is kept, so that a short pause of all partitions does not cost a new
     * session.
     */
    private static final long EMPTY_SESSION_GRACE_NANOS = 5_000_000_000L;

    private FetchSession session;
    /** What takes the session's place as soon as no request is under way, or null. */
    private @Nullable FetchSession next;
    /** Requests without an outcome; counted here, since a handler may be wrong about it. */
    private int underWay;

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
        boolean ends = next != null && underWay > 0;
        if (session.outstanding() || ends) {
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
        underWay++;
        sentAtSequence = sequence;
    }

    /** The invalidation count when the last request was sent. */
    long sentAtSequence() {
        return sentAtSequence;
    }

    /** Takes the answer to an outstanding request. */
    Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        underWay--;
        failures = 0;
        return session.answered(plan, answer, nowNanos);
    }

    /** Has another session take the place of this one, as soon as no request is under way. */
    void replaceBy(FetchSession other) {
        next = other;
    }

    /** Whether another session may take the place of this one now. */
    boolean isToBeReplaced() {
        return next != null && underWay == 0;
    }

    /**
     * Puts the other session into the place of this one. Its partitions have to be wanted anew.
     *
     * @return the plan of the request that closes the old session at the broker, or null if there is none to close
     */
    @Nullable FetchPlan replace() {
        FetchPlan closing = session.close();
        session = Objects.requireNonNull(next, "no other session");
        next = null;
        return closing;
    }

    /** Whether the session says that a request is outstanding, and none is. */
    boolean isStuck() {
        return session.outstanding() && underWay == 0;
    }

    /** Ends the outstanding request without a known outcome. The next one may leave at {@code nextAtNanos}. */
    void failed(FetchPlan plan, long nextAtNanos) {
        underWay--;
        session.failed(plan);
        retryAtNanos = nextAtNanos;
    }

    /** As {@link #failed}, but the next request backs off, longer with each failure in a row. */
    void failedWithBackOff(FetchPlan plan, Backoff backoff, long nowNanos) {
        failures++;
        failed(plan, nowNanos + backoff.delayNanos(failures));
    }
}
