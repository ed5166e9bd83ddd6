package dev.surefoot.bench.rebalance;

/** What happens to a group. */
public enum Change {
    /** A new member subscribes. Counted from before its constructor. */
    JOIN("join"),
    /** A member is closed. Counted from the call of {@code close}. */
    LEAVE("leave"),
    /** The process of a member is killed. Counted from the moment when the coordinator gives the member up. */
    DEATH("death");

    private final String label;

    Change(String label) {
        this.label = label;
    }

    /** Returns the name in tables and in JSON. */
    public String label() {
        return label;
    }
}
