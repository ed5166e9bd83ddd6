package dev.surefoot.core.group;

/** What a consumer does in its group, in both protocols. */
public enum MemberPhase {
    /** It has subscribed to nothing. */
    OUTSIDE("not subscribed"),
    /** It goes on when the application is next in poll. */
    AWAITING_POLL("waiting for the application to poll"),
    /** It looks for the coordinator, or connects to it. */
    FINDING_COORDINATOR("looking for the coordinator"),
    /** It has asked to be a member, or is about to. */
    JOINING("joining"),
    /** It is a member, and the partitions are being divided anew or change hands. */
    REBALANCING("in a rebalance"),
    /** It has its partitions. */
    STABLE("a member"),
    /** It leaves. */
    LEAVING("leaving");

    private final String words;

    MemberPhase(String words) {
        this.words = words;
    }

    /** Returns the phase as the end of a sentence that begins with "it is". */
    public String words() {
        return words;
    }
}
