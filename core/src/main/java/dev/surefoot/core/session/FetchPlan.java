package dev.surefoot.core.session;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * The session fields and partitions of one Fetch request. Immutable, and computed without changing any state, so a plan
 * that is not sent has no effect (invariants I1, I3, I4).
 *
 * @param kind the kind of request in the terms of KIP-227
 * @param sessionId the session id field: 0, or the id of a live or superseded session
 * @param epoch the session epoch field: 0 opens a session, -1 closes one or asks for none, 1 and above continues one
 * @param byTopicId whether topics are named by id (Fetch v13 and above) or by name (up to v12)
 * @param partitions {@code Topics} of the request; a broker serves them in this order
 * @param forgotten {@code ForgottenTopicsData} of the request, with the topic ids that the broker holds
 * @param immediate whether the broker is to answer at once instead of waiting for data, as when the request audits
 *     partitions or closes the session
 */
public record FetchPlan(
        Kind kind,
        int sessionId,
        int epoch,
        boolean byTopicId,
        Map<TopicIdPartition, FetchTarget> partitions,
        List<TopicIdPartition> forgotten,
        boolean immediate) {

    /** The epoch of a request that opens a session. */
    public static final int INITIAL_EPOCH = 0;

    /** The epoch of a request that asks for no session, or closes one. */
    public static final int FINAL_EPOCH = -1;

    /** The session id of a request without a session, and of an answer that grants none. */
    public static final int NO_SESSION = 0;

    /** The kinds of Fetch requests (KIP-227). */
    public enum Kind {
        /** Lists all wanted partitions and asks for a new session. */
        FULL,
        /** Lists all wanted partitions and asks for no session. */
        SESSIONLESS,
        /** Lists only what changed since the last verified answer. */
        INCREMENTAL,
        /** Closes the session; lists nothing. */
        CLOSE
    }
}
