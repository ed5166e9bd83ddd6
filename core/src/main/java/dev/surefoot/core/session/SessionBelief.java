package dev.surefoot.core.session;

import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * What a client believes about its session at one broker, at one moment. It is for checkers and for diagnosis: in a
 * live session with no request outstanding, the broker must hold just this.
 *
 * @param state how far the client trusts that there is a session
 * @param sessionId the id that the next request names, {@link FetchPlan#NO_SESSION} for none
 * @param nextEpoch the epoch that the next request carries: in a live session the one that the broker expects,
 *     otherwise {@link FetchPlan#INITIAL_EPOCH}, and {@link FetchPlan#FINAL_EPOCH} when closed. A live session whose
 *     way of naming topics is about to change is reopened with the initial epoch instead, and where sessions are off
 *     every epoch is the final one
 * @param byTopicId whether a live session names topics by id; false in any other state
 * @param told what the broker holds, as far as verified answers tell, the partition it has not mentioned for
 *     longest first; cannot be changed
 * @param outstanding whether a request awaits its outcome, so that the broker may be one request ahead
 * @param resetsInARow how often the session was lost, refused or doubted since the last orderly answer
 * @param retryAtNanos the earliest time for the next request, in the nanoseconds of the caller's clock
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
        /** The broker may hold a session that is not to be trusted: the next request replaces it with (id, 0). */
        REOPEN,
        /** The client has closed; nothing revives this session. */
        CLOSED
    }
}
