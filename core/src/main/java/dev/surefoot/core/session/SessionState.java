package dev.surefoot.core.session;

/**
 * The state of the client's half of a session, with the data of each state. {@link SessionBelief.State} describes the
 * states. Immutable.
 */
sealed interface SessionState {

    SessionBelief.State kind();

    /** The session id for the next request. */
    int sessionId();

    /** The epoch for the next request. */
    int nextEpoch();

    record None() implements SessionState {
        @Override
        public SessionBelief.State kind() {
            return SessionBelief.State.NONE;
        }

        @Override
        public int sessionId() {
            return FetchPlan.NO_SESSION;
        }

        @Override
        public int nextEpoch() {
            return FetchPlan.INITIAL_EPOCH;
        }
    }

    /** A session that the broker holds. It names topics by id or by name for its whole life. */
    record Live(int sessionId, int nextEpoch, boolean byTopicId) implements SessionState {
        @Override
        public SessionBelief.State kind() {
            return SessionBelief.State.LIVE;
        }

        /** The state after one more accepted request. The largest epoch is followed by 1, as 0 and -1 are reserved. */
        Live advanced() {
            return new Live(sessionId, nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1, byTopicId);
        }
    }

    record Reopen(int sessionId) implements SessionState {
        @Override
        public SessionBelief.State kind() {
            return SessionBelief.State.REOPEN;
        }

        @Override
        public int nextEpoch() {
            return FetchPlan.INITIAL_EPOCH;
        }
    }

    record Closed() implements SessionState {
        @Override
        public SessionBelief.State kind() {
            return SessionBelief.State.CLOSED;
        }

        @Override
        public int sessionId() {
            return FetchPlan.NO_SESSION;
        }

        @Override
        public int nextEpoch() {
            return FetchPlan.FINAL_EPOCH;
        }
    }
}
