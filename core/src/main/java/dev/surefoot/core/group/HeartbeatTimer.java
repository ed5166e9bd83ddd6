package dev.surefoot.core.group;

import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.concurrent.TimeUnit;

/**
 * When the classic protocol's next heartbeat is due, and when the session is over if none is answered. Owned by the
 * loop's thread.
 */
final class HeartbeatTimer {
    private final long intervalNanos;
    private final long sessionNanos;
    private final Backoff backoff;
    private int failures;
    private long dueNanos = Deadline.NEVER;
    private long sessionEndNanos = Deadline.NEVER;

    /** @param backoff the delays after heartbeats that fail */
    HeartbeatTimer(GroupSettings.Timing timing, Backoff backoff) {
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(timing.heartbeatIntervalMs());
        this.sessionNanos = TimeUnit.MILLISECONDS.toNanos(timing.sessionTimeoutMs());
        this.backoff = backoff;
    }

    /** The session begins, or begins anew with another coordinator. */
    void start(long nowNanos) {
        failures = 0;
        dueNanos = Deadline.after(nowNanos, intervalNanos);
        confirm(nowNanos);
    }

    void stop() {
        dueNanos = Deadline.NEVER;
        sessionEndNanos = Deadline.NEVER;
    }

    /** The coordinator has shown that it counts the session from now on. */
    void confirm(long nowNanos) {
        failures = 0;
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

    boolean isSessionOver(long nowNanos) {
        return Deadline.passed(sessionEndNanos, nowNanos);
    }

    /** When the next of both is due, or {@link Deadline#NEVER}. */
    long nextNanos() {
        return Math.min(dueNanos, sessionEndNanos);
    }
}
