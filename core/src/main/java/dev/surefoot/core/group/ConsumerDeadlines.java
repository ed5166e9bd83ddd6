package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.time.Deadline;

/**
 * Until when a member of the consumer protocol may go on: until the application has stayed away from poll for too long,
 * and until no heartbeat was answered for a session. Owned by the loop's thread.
 */
final class ConsumerDeadlines {
    private enum Due implements Deadlines.Name {
        /** The next heartbeat is due. */
        HEARTBEAT,
        /** The names of topics are asked for again. */
        TOPIC_NAMES,
        /** The application has stayed away from poll for too long. */
        POLL_INTERVAL,
        /** The coordinator has waited too long for partitions that are to be given up. */
        REVOCATION,
        /** No heartbeat was answered for a session. */
        LEASE
    }

    private final long maxPollNanos;
    private final long sessionNanos;
    private long pollEndNanos = Deadline.NEVER;
    private long leaseStartNanos;
    private long leaseEndNanos = Deadline.NEVER;
    /** A join waits for a poll at or after this moment. */
    private long joinableFromNanos;

    ConsumerDeadlines(GroupSettings.Timing timing) {
        this.maxPollNanos = timing.maxPollIntervalNanos();
        this.sessionNanos = timing.sessionTimeoutNanos();
    }

    /** The next join waits for a poll from now on. */
    void awaitPoll(long nowNanos) {
        joinableFromNanos = nowNanos;
    }

    /** Whether the application has been in poll since {@link #awaitPoll}. */
    boolean hasPolled(Turn turn) {
        return turn.lastPollNanos() >= joinableFromNanos;
    }

    /** Counts the time for which the application has been away from poll; whether that is too long. */
    boolean recordPoll(Turn turn) {
        pollEndNanos = turn.lastPollNanos() == Turn.NEVER_POLLED
                ? Deadline.NEVER
                : Deadline.after(turn.lastPollNanos(), maxPollNanos);
        return Deadline.passed(pollEndNanos, turn.nowNanos());
    }

    /** The coordinator has answered a heartbeat that was sent at {@code sentNanos}. */
    void renewLease(long sentNanos) {
        leaseStartNanos = sentNanos;
        leaseEndNanos = Deadline.after(sentNanos, sessionNanos);
    }

    void endLease() {
        leaseEndNanos = Deadline.NEVER;
    }

    boolean isLeaseOver(long nowNanos) {
        return Deadline.passed(leaseEndNanos, nowNanos);
    }

    /** When the last heartbeat that was answered was sent. */
    long leaseStartNanos() {
        return leaseStartNanos;
    }

    /** Enters the next heartbeat; one that is due by now waits for its connection, not for a time. */
    void enterHeartbeat(Deadlines deadlines, long nowNanos, long heartbeatNanos) {
        deadlines.enter(Due.HEARTBEAT, heartbeatNanos > nowNanos ? heartbeatNanos : Deadline.NEVER);
    }

    /** Enters all that is due for a member. */
    void enter(Deadlines deadlines, long nowNanos, long heartbeatNanos, long topicNamesNanos, long revocationEndNanos) {
        enterHeartbeat(deadlines, nowNanos, heartbeatNanos);
        deadlines.enter(Due.TOPIC_NAMES, topicNamesNanos);
        deadlines.enter(Due.POLL_INTERVAL, pollEndNanos);
        deadlines.enter(Due.REVOCATION, revocationEndNanos);
        deadlines.enter(Due.LEASE, leaseEndNanos);
    }
}
