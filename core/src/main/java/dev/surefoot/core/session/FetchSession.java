package dev.surefoot.core.session;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The client's half of one broker's incremental fetch session (KIP-227). It is an interface so that a known-bad handler
 * of the museum can take the place of {@link VerifiedFetchSession}. Owned by the loop's thread.
 *
 * <p>The wanted set is told to the session as it changes ({@link #want}, {@link #unwant}), so that planning costs time
 * proportional to what changed. One exchange is: {@link #plan}, then {@link #sent} if the wire took it, then exactly
 * one of {@link #answered} and {@link #failed}. A plan that is not sent is dropped. {@link #close} comes last.
 */
public interface FetchSession {

    /** Makes sessions, one for each broker. */
    interface Factory {
        FetchSession open(int nodeId);
    }

    /**
     * Wants this partition fetched like this from now on.
     *
     * @param topicId the topic's id, or {@link Uuid#ZERO_UUID} when there is none
     */
    void want(TopicPartition partition, Uuid topicId, FetchTarget target);

    /** Wants this partition fetched no more; does nothing if it was not wanted. */
    void unwant(TopicPartition partition);

    /** Whether any partition is wanted. */
    boolean wantsAny();

    /** Whether the broker holds partitions for this client, as far as verified answers tell. */
    boolean brokerHoldsAny();

    /** Whether a request of this session awaits its outcome. */
    boolean outstanding();

    /**
     * The earliest time for the next request, in the nanoseconds of the caller's clock. It backs off while
     * the broker keeps refusing.
     */
    long retryAtNanos();

    /**
     * Returns what the next request has to say. Changes nothing.
     *
     * @param topicIds whether the broker's Fetch versions name topics by id
     * @param sessions whether the broker's Fetch versions have sessions
     * @param nowNanos the time of this turn, in the nanoseconds of the caller's clock
     * @throws IllegalStateException if a request is outstanding, or the session is closed
     */
    FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos);

    /**
     * Marks the plan outstanding, after the wire has taken it.
     *
     * @throws IllegalStateException if another request is outstanding
     */
    void sent(FetchPlan plan);

    /**
     * Checks an answer to the outstanding plan. Told-state and epoch change only if it is in order.
     *
     * @throws IllegalStateException if this plan is not outstanding
     */
    Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos);

    /**
     * Notes that the outcome of the outstanding plan is unknown. The next request is then a full one.
     *
     * @throws IllegalStateException if this plan is not outstanding
     */
    void failed(FetchPlan plan);

    /**
     * Ends the session for good. A second call does nothing.
     *
     * @return the request that closes the session at the broker, or null if there is none to close
     */
    @Nullable FetchPlan close();
}
