package dev.surefoot.testkit.simulation.group;

/** The kinds of events in a small group of which a search allows a limited number. */
public enum GroupFault {
    /** Time passes although something could happen at once. */
    DELAY,
    /** A connection to the coordinator breaks: requests that have not arrived are lost, and so are all answers. */
    CUT,
    /** A member waits no longer for an answer. Its request arrives later, after the member's next steps. */
    GIVEN_UP,
    /** The coordinator moves to the other broker. */
    MOVE,
    /** The coordinator is loaded anew where it is, until time passes. */
    RELOAD,
    /** The coordinator ends the session of a member that lives. */
    EXPIRY,
    /** A member is gone without a word. */
    CRASH,
    /** The application unsubscribes. */
    LEAVE,
    /** The application stays away from poll for longer than it may. */
    LATE_POLL,
    /** The listener throws. */
    LISTENER_THROWS,
    /** The topic gets one more partition. */
    PARTITION_ADDED,
    /** The topic is deleted. */
    TOPIC_DELETED
}
