package dev.surefoot.core.group;

import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.time.Duration;

/**
 * When the classic protocol's next heartbeat is due, and what follows if none is answered. Owned by the loop's thread.
 *
 * <p>Two times run out without answers. The session, counted from the last sign of the coordinator: then it is looked
 * for anew. The lease, counted from the sending of the last heartbeat that was answered: from then on the coordinator
 * may have given the partitions to others.
 */
final class HeartbeatTimer {
    private final long intervalNanos;
    private final long sessionNanos;
    private final Backoff backoff;
    private int failures;
    private long dueNanos = Deadline.NEVER;
    private long sessionEndNanos = Deadline.NEVER;
    private long leaseStartNanos;
    private long leaseEndNanos = Deadline.NEVER;

    /** @param backoff the delays after heartbeats that fail */
    HeartbeatTimer(GroupSettings.Timing timing, Backoff backoff) {
        this.intervalNanos = Duration.ofMillis(timing.heartbeatIntervalMs()).toNanos();
        this.sessionNanos = timing.sessionTimeoutNanos();
        this.backoff = backoff;
    }

    /** A generation begins: JoinGroup was answered in order. Nothing before counts any more. */
    void start(long nowNanos) {
        dueNanos = Deadline.after(nowNanos, intervalNanos);
        confirm(nowNanos, nowNanos);
    }

    /**
     * The coordinator has answered, and counts this member.
     *
     * @param sentNanos when the request was sent; the coordinator counts from then on or from later
     */
    void confirm(long sentNanos, long nowNanos) {
        failures = 0;
        leaseStartNanos = sentNanos;
        leaseEndNanos = Deadline.after(sentNanos, sessionNanos);
        restartSession(nowNanos);
    }

    /** Another coordinator was found, or is looked for: it has a session's time to answer. */
    void restartSession(long nowNanos) {
        sessionEndNanos = Deadline.after(nowNanos, sessionNanos);
    }

    void sent(long nowNanos) {
        dueNanos = Deadline.after(nowNanos, intervalNanos);
    }

    void failed(long nowNanos) {
        dueNanos = Math.min(dueNanos, Deadline.after(nowNanos, backoff.delayNanos(++failures)));
    }

    boolean isDue(long nowNanos) {
        return Deadline.passed(dueNanos, nowNanos);
    }

    /** When the next heartbeat is due, or {@link Deadline#NEVER}. */
    long dueNanos() {
        return dueNanos;
    }

    boolean isSessionOver(long nowNanos) {
        return Deadline.passed(sessionEndNanos, nowNanos);
    }

    /** Whether the lease ends, which {@link #recordLapse} makes known once. */
    boolean isLapsing(long nowNanos) {
        return Deadline.passed(leaseEndNanos, nowNanos);
    }

    void recordLapse() {
        leaseEndNanos = Deadline.NEVER;
    }

    /** When the last heartbeat that was answered was sent. */
    long leaseStartNanos() {
        return leaseStartNanos;
    }

    /** When the session or the lease ends, or {@link Deadline#NEVER}. */
    long endNanos() {
        return Math.min(sessionEndNanos, leaseEndNanos);
    }
}
