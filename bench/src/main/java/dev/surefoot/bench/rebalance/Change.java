package dev.surefoot.bench.rebalance;

/** What happens to a group. */
public enum Change {
    /** A new member subscribes. Counted from before its constructor. */
    JOIN("join"),
    /** A member is closed. Counted from the call of {@code close}. */
    LEAVE("leave"),
    /** A member ends without a word. Counted from the moment when the coordinator has given it up. */
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
