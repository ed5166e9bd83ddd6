package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;

/**
 * What a client must believe about its session at one broker, after all that has happened between the two. Immutable.
 *
 * @param state the state of the session
 * @param sessionId the session id for the next request
 * @param nextEpoch the epoch of the next request within a live session
 * @param byTopicId whether a live session names topics by id
 * @param because the invariant by which the client must believe this
 */
public record Belief(State state, int sessionId, int nextEpoch, boolean byTopicId, String because) {
    /** The state of a session. */
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

    /** Returns the belief after the session has become doubtful: the next request replaces it, if it has an id. */
    Belief distrusted(String why) {
        return sessionId <= 0
                ? none(why)
                : new Belief(State.REOPEN, sessionId, FetchPlan.INITIAL_EPOCH, byTopicId, why);
    }

    Belief closed() {
        return new Belief(State.CLOSED, FetchPlan.NO_SESSION, FetchPlan.FINAL_EPOCH, false, "I30");
    }

    /** Returns the invariant that this request breaks, since it does not follow from the belief. */
    String brokenBy(FetchPlan plan) {
        if (asksForNoSession(plan)) {
            return "I16";
        }
        return staysAtLargestEpoch(plan) || losesSessionId(plan) ? "I8" : because;
    }

    /** Whether the request does without a session where one is to be opened, whatever ended the last one. */
    private boolean asksForNoSession(FetchPlan plan) {
        return state == State.NONE && plan.kind() == Kind.SESSIONLESS;
    }

    /**
     * Whether the request repeats the largest epoch: then the epoch did not advance, and how it
     * wraps around was not tested.
     */
    private boolean staysAtLargestEpoch(FetchPlan plan) {
        return isLive()
                && because.equals("I7")
                && plan.kind() == Kind.INCREMENTAL
                && plan.sessionId() == sessionId
                && plan.epoch() == Integer.MAX_VALUE;
    }

    /** Whether the request replaces the session but does not name its id. Only I9 concerns the id, too. */
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
