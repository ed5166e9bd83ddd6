package dev.surefoot.core.session;

/**
 * What the client knows about its session at the broker. The names follow the client state machine of KIP-227; the epoch of a
 * live session is the one that the next request will carry.
 */
sealed interface SessionState {

    /** The session id for the next request. */
    int sessionId();

    /** No session: the next request opens one with (0, 0). */
    record None() implements SessionState {
        @Override
        public int sessionId() {
            return FetchPlan.NO_SESSION;
        }
    }

    /** The broker holds a session and expects {@code nextEpoch}. It names topics by id or by name for life. */
    record Live(int sessionId, int nextEpoch, boolean byTopicId) implements SessionState {

        /** The state after one more accepted request; the successor of the largest epoch is 1, as 0 and -1 are reserved. */
        Live advanced() {
            return new Live(sessionId, nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1, byTopicId);
        }
    }

    /** The broker may hold a session that is not to be trusted: the next request replaces it with (id, 0). */
    record Reopen(int sessionId) implements SessionState {}

    /** The client has closed; nothing revives this session. */
    record Closed() implements SessionState {
        @Override
        public int sessionId() {
            return FetchPlan.NO_SESSION;
        }
    }
}
