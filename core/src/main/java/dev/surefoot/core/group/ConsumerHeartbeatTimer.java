package dev.surefoot.core.group;

import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.time.Duration;

/**
 * When the consumer protocol's next heartbeat is due, and how long its answer may take. Owned by the loop's thread.
 *
 * <p>The coordinator tells the interval with each answer. What cannot wait (a join, an acknowledgement, a changed
 * subscription) is sent at once, but not more than {@value #BURST} heartbeats go out in {@link #WINDOW_NANOS}. After
 * failures a back-off comes first, whatever is due.
 */
final class ConsumerHeartbeatTimer {
    /** In this time at most {@value #BURST} heartbeats are sent; no interval is shorter. */
    static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();
    /**
     * The coordinator assigns at most once in this time by default (1 s), and only when a member calls; a member that
     * joined with nothing calls a little later to get its partitions.
     */
    static final long EARLY_NANOS = Duration.ofMillis(1100).toNanos();

    private static final int BURST = 3;
    /** The shortest wait for an answer; an interval for tests must not make a slow network look broken. */
    private static final long TIMEOUT_MIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final GroupSettings.Timing timing;
    private final Backoff backoff;
    /** Until when each of the last heartbeats counts in the window, the oldest at {@link #oldest}. */
    private final long[] countsUntilNanos = new long[BURST];

    private int oldest;
    private long intervalNanos;
    private boolean urgent;
    private int failures;
    private long retryAtNanos;
    private long dueNanos = Deadline.NEVER;
    private long earlyNanos = Deadline.NEVER;

    /** @param backoff the delays after heartbeats that fail */
    ConsumerHeartbeatTimer(GroupSettings.Timing timing, Backoff backoff) {
        this.timing = timing;
        this.backoff = backoff;
    }

    /**
     * The member joins.
     *
     * @param notBeforeNanos the earliest time of the join, or 0
     */
    void start(long notBeforeNanos) {
        urgent = true;
        retryAtNanos = Math.max(retryAtNanos, notBeforeNanos);
    }

    /** The member is none any more. */
    void stop() {
        urgent = false;
        dueNanos = Deadline.NEVER;
        earlyNanos = Deadline.NEVER;
    }

    /** The next heartbeat cannot wait for its interval. */
    void hurry() {
        urgent = true;
    }

    /** The join was answered without partitions, which may only come with another heartbeat. */
    void callEarly(long nowNanos) {
        earlyNanos = Deadline.after(nowNanos, EARLY_NANOS);
    }

    void sent(long nowNanos) {
        urgent = false;
        countsUntilNanos[oldest] = Deadline.after(nowNanos, WINDOW_NANOS);
        oldest = (oldest + 1) % BURST;
        dueNanos = Deadline.after(nowNanos, intervalNanos);
        if (Deadline.passed(earlyNanos, nowNanos)) {
            earlyNanos = Deadline.NEVER;
        }
    }

    /** An orderly answer has come to the heartbeat that was sent at {@code sentNanos}. */
    void answered(int intervalMs, long sentNanos) {
        failures = 0;
        retryAtNanos = 0;
        intervalNanos = Math.max(Duration.ofMillis(intervalMs).toNanos(), WINDOW_NANOS);
        dueNanos = Deadline.after(sentNanos, intervalNanos);
    }

    /**
     * A heartbeat has failed, and is to be sent again.
     *
     * @param backsOff whether the first failure in a row asks for a back-off; those after it do in any case
     */
    void failed(boolean backsOff, long nowNanos) {
        failures++;
        dueNanos = nowNanos;
        if (backsOff || failures > 1) {
            retryAtNanos = Deadline.after(nowNanos, backoff.delayNanos(failures));
        }
    }

    boolean isDue(long nowNanos) {
        return Deadline.passed(nextNanos(), nowNanos);
    }

    /** When the next heartbeat is due if none is outstanding, or {@link Deadline#NEVER}. */
    long nextNanos() {
        long soonest = urgent ? 0 : Math.min(dueNanos, earlyNanos);
        return soonest == Deadline.NEVER
                ? soonest
                : Math.max(soonest, Math.max(retryAtNanos, countsUntilNanos[oldest]));
    }

    /**
     * How long the answer to a heartbeat may take: a lost one must not silence the member for its whole session.
     *
     * @param busyNanos for how long the coordinator may leave it unread
     */
    long timeoutNanos(long busyNanos) {
        return intervalNanos == 0
                ? timing.requestTimeoutNanos()
                : Math.min(timing.requestTimeoutNanos(), Math.max(2 * intervalNanos, TIMEOUT_MIN_NANOS) + busyNanos);
    }
}
