package dev.surefoot.testkit.simulation.check;

/**
 * Checks that commits do not keep a member from saying that it is alive (G27): a heartbeat that is due goes out before
 * the next few commits, which use the same connection.
 */
final class HeartbeatRoom {
    /** As many as a connection takes at once, and those whose answers make room for others until the loop's turn. */
    private static final int COMMITS_MOST = 8;
    /** The longest back-off of heartbeats, with its jitter. */
    private static final long BACKOFF_MOST_NANOS = 1_200_000_000L;

    private final MemberLedger member;
    private final long intervalNanos;
    private long dueNanos = Long.MAX_VALUE;
    private int commitsSince;

    HeartbeatRoom(MemberLedger member, long intervalNanos) {
        this.member = member;
        this.intervalNanos = intervalNanos;
    }

    /** Something that says that the member is alive leaves, or has been answered. */
    void heardOf(long nowNanos) {
        dueNanos = nowNanos + intervalNanos;
        commitsSince = 0;
    }

    /** The member is none, or waits for an answer before it says so again. */
    void isNotDue() {
        dueNanos = Long.MAX_VALUE;
        commitsSince = 0;
    }

    /** A request of the membership has failed. */
    void failed(long nowNanos) {
        dueNanos = nowNanos + BACKOFF_MOST_NANOS;
        commitsSince = 0;
    }

    /** A commit leaves. */
    void commits(long nowNanos) {
        if (nowNanos < dueNanos) {
            return;
        }
        commitsSince++;
        if (commitsSince > COMMITS_MOST) {
            throw new Violation(
                    "G27",
                    member + " has sent " + commitsSince + " commits, and no heartbeat, which was due "
                            + (nowNanos - dueNanos) / 1_000_000 + " ms ago");
        }
    }
}
