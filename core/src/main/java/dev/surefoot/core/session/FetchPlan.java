package dev.surefoot.core.session;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * What one Fetch request says about the session: an immutable value that is computed without changing any state. A plan
 * that is not sent leaves no trace (invariants I1, I3, I4).
 *
 * @param kind what the request is to the broker
 * @param sessionId the session id field: 0, or the id of a live or superseded session
 * @param epoch the session epoch field: 0 opens, -1 closes or asks for no session, 1 and above continues
 * @param byTopicId whether topics are named by id (Fetch v13 and above) or by name (up to v12)
 * @param partitions {@code Topics} of the request, in the order in which the client wants them served
 * @param forgotten {@code ForgottenTopicsData} of the request, with the topic ids that the broker holds
 * @param immediate whether the broker is asked to answer at once rather than to wait for data, as in an exchange
 *     that only audits partitions
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

    /** The epoch of a request that wants no session, or closes one. */
    public static final int FINAL_EPOCH = -1;

    /** The session id of a request that names no session, and of an answer that grants none. */
    public static final int NO_SESSION = 0;

    /** What a request is to the broker (KIP-227). */
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
