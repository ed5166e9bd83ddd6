package dev.surefoot.core.session;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The client's half of one broker's incremental fetch session (KIP-227). This is the seam at which a museum piece of a
 * known bad handler takes the place of {@link VerifiedFetchSession}.
 *
 * <p>The wanted set is told to the session as it changes ({@link #want}, {@link #unwant}), so that planning costs time
 * proportional to what changed. One exchange is: {@link #plan}, then {@link #sent} if the wire took it, then exactly
 * one of {@link #answered} and {@link #failed}. A plan that is not sent is simply dropped. Owned by the loop's thread.
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

    /** The earliest time for the next request, which moves out when the broker keeps refusing. */
    long notBefore();

    /**
     * What the next request is to say. Changes nothing.
     *
     * @param topicIds whether the broker's Fetch versions name topics by id
     * @param sessions whether the broker's Fetch versions know sessions
     * @throws IllegalStateException if a request is outstanding
     */
    FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos);

    /** Marks the plan outstanding; the wire has taken it. */
    void sent(FetchPlan plan);

    /** Checks an answer to the outstanding plan and, only if it is in order, takes over what the plan told. */
    Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos);

    /** Notes that the outcome of the outstanding plan is unknown: the next request will be a full one. */
    void failed(FetchPlan plan);

    /**
     * Ends the session for good: returns the request that closes it at the broker, or null if there is none to close.
     */
    @Nullable FetchPlan close();
}
