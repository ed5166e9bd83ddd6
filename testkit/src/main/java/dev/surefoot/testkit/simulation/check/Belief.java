package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;

/**
 * What a client has to believe of its session at one broker after everything that has happened between the two.
 *
 * @param state where it stands
 * @param sessionId the session id for the next request
 * @param nextEpoch the epoch of the next request within a live session
 * @param byTopicId whether a live session names topics by id
 * @param because the invariant by which the client has to believe this
 */
public record Belief(State state, int sessionId, int nextEpoch, boolean byTopicId, String because) {
    /** Where a session stands. */
    public enum State {
        NONE,
        LIVE,
        REOPEN,
        CLOSED
    }

    static Belief none(String because) {
        return new Belief(State.NONE, FetchPlan.NO_SESSION, FetchPlan.INITIAL_EPOCH, false, because);
    }

    static Belief live(int sessionId, int nextEpoch, boolean byTopicId, String because) {
        return new Belief(State.LIVE, sessionId, nextEpoch, byTopicId, because);
    }

    /** The session that the client had is not to be trusted; without one there is none to name. */
    Belief distrusted(String why) {
        return sessionId <= 0
                ? none(why)
                : new Belief(State.REOPEN, sessionId, FetchPlan.INITIAL_EPOCH, byTopicId, why);
    }

    Belief closed() {
        return new Belief(State.CLOSED, FetchPlan.NO_SESSION, FetchPlan.FINAL_EPOCH, false, "I30");
    }

    /** The invariant that a request breaks which does not follow from this. */
    String brokenBy(FetchPlan plan) {
        return staysAtLargestEpoch(plan) || losesSessionId(plan) ? "I8" : because;
    }

    /** An epoch that is repeated where it has to wrap around did not advance; which epoch comes next was not even asked. */
    private boolean staysAtLargestEpoch(FetchPlan plan) {
        return isLive()
                && because.equals("I7")
                && plan.kind() == Kind.INCREMENTAL
                && plan.sessionId() == sessionId
                && plan.epoch() == Integer.MAX_VALUE;
    }

    /** The session is replaced as it should be, but by a client that does not know its id. Only I9 is about the id, too. */
    private boolean losesSessionId(FetchPlan plan) {
        return state == State.REOPEN
                && !because.equals("I9")
                && plan.kind() == Kind.FULL
                && plan.sessionId() == FetchPlan.NO_SESSION;
    }

    /** Whether the client has a session to continue. */
    public boolean isLive() {
        return state == State.LIVE;
    }

    @Override
    public String toString() {
        return switch (state) {
            case NONE -> "no session";
            case LIVE -> "session " + sessionId + ", next epoch " + nextEpoch;
            case REOPEN -> "session " + sessionId + " is to be replaced";
            case CLOSED -> "closed";
        };
    }
}
