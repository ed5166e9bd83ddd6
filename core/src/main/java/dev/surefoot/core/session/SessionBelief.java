package dev.surefoot.core.session;

import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * A snapshot of what a client believes about its session at one broker, for checks and diagnosis. In a live session
 * without an outstanding request, the broker must hold exactly this.
 *
 * @param state the state of the client's half
 * @param sessionId the session id of the next request, {@link FetchPlan#NO_SESSION} for none
 * @param nextEpoch the epoch of the next request: in a live session the one that the broker expects, {@link
 *     FetchPlan#FINAL_EPOCH} when closed, otherwise {@link FetchPlan#INITIAL_EPOCH}. There are two exceptions. A live
 *     session that is to name topics in another way is reopened with the initial epoch. If sessions are disabled, every
 *     request has the final epoch
 * @param byTopicId whether a live session names topics by id; false in any other state
 * @param told the partitions that the broker holds by the verified answers so far, ordered by the time of their last
 *     mention, the earliest first; unmodifiable
 * @param outstanding whether a request awaits its outcome, so that the broker may be one request ahead
 * @param resetsInARow how often the session was lost, refused or doubted since the last orderly answer
 * @param retryAtNanos the earliest time for the next request, in nanoseconds of the loop's clock
 */
public record SessionBelief(
        State state,
        int sessionId,
        int nextEpoch,
        boolean byTopicId,
        Map<TopicIdPartition, FetchTarget> told,
        boolean outstanding,
        int resetsInARow,
        long retryAtNanos) {

    /** The states of the client's half of a session, after the client state machine of KIP-227. */
    public enum State {
        /** No session: the next request opens one with (0, 0). */
        NONE,
        /** The broker holds a session and expects the next epoch. */
        LIVE,
        /** The broker may hold a session of unknown content: the next request replaces it with (id, 0). */
        REOPEN,
        /** The client has closed the session. This state is final. */
        CLOSED
    }
}
