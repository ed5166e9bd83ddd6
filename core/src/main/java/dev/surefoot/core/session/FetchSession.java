package dev.surefoot.core.session;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The client's half of one broker's incremental fetch session (KIP-227). It is an interface so that tests can replace
 * {@link VerifiedFetchSession} by a handler that is known to be bad. Owned by the loop's thread.
 *
 * <p>Each change of the wanted partitions is passed to {@link #want} or {@link #unwant}, so that the cost of a plan is
 * proportional to the changes. One exchange is: {@link #plan}, then {@link #sent} if the transport took the request,
 * then exactly one of {@link #answered} and {@link #failed}. A plan that is not sent is dropped. {@link #close} comes
 * last; after it only {@link #answered} or {@link #failed} of the outstanding request may follow.
 */
public interface FetchSession {

    /** Creates sessions, one for each broker. */
    interface Factory {
        /** Creates the session of one broker. Each call creates another one. */
        FetchSession open(int nodeId);
    }

    /**
     * Adds the partition to the wanted ones, or replaces its target.
     *
     * @param topicId the topic's id, or {@link Uuid#ZERO_UUID} when there is none
     */
    void want(TopicPartition partition, Uuid topicId, FetchTarget target);

    /** Removes the partition from the wanted ones; does nothing if it was not wanted. */
    void unwant(TopicPartition partition);

    /** Whether any partition is wanted. */
    boolean wantsAny();

    /** Whether the broker holds partitions of this session, by the verified answers so far. */
    boolean brokerHoldsAny();

    /** Whether a request of this session awaits its outcome. */
    boolean outstanding();

    /**
     * The earliest time for the next request, in nanoseconds of the loop's clock. It lies in the future after refused
     * or doubted answers in a row.
     */
    long retryAtNanos();

    /**
     * Returns the plan of the next request. Changes nothing.
     *
     * @param topicIds whether the broker's Fetch versions name topics by id
     * @param sessions whether the broker's Fetch versions have sessions
     * @param nowNanos the time of this turn, in nanoseconds of the loop's clock
     * @throws IllegalStateException if a request is outstanding, or the session is closed
     */
    FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos);

    /**
     * Marks the plan outstanding, after the transport has taken the request.
     *
     * @throws IllegalStateException if another request is outstanding
     */
    void sent(FetchPlan plan);

    /**
     * Checks the answer to the outstanding plan. Only a verified answer changes the told partitions and the epoch.
     *
     * @param nowNanos the time of this turn, in nanoseconds of the loop's clock
     * @throws IllegalStateException if this plan is not outstanding
     */
    Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos);

    /**
     * Ends the outstanding plan without a known outcome. The next request is then a full one.
     *
     * @throws IllegalStateException if this plan is not outstanding
     */
    void failed(FetchPlan plan);

    /**
     * Has the partition announced to the broker anew: a request removes it from the session, and the next one adds it
     * again. Does nothing if the broker does not hold it, as then it is announced anyway.
     */
    void reannounce(TopicPartition partition);

    /** Has the session replaced: the next request lists all wanted partitions and names the present session, if any. */
    void reopen();

    /** How the session does, at the cost of a few reads. Changes nothing. */
    SessionHealth health();

    /**
     * Closes the session. A second call does nothing.
     *
     * @return the plan of the request that closes the session at the broker, or null if the broker holds no session
     */
    @Nullable FetchPlan close();
}
