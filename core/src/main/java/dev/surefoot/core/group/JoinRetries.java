package dev.surefoot.core.group;

import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.time.Duration;
import java.util.Arrays;

/**
 * When the next JoinGroup may be sent. Some answers ask for it at once, and get it so a few times in a row; then they
 * are a fault, and back off as others do. Whatever asks for them, at most {@value #SENT_MAX} are sent in 100 ms: rounds
 * that end in order, one right after the other, would load a coordinator as well. Owned by the loop's thread.
 */
final class JoinRetries {
    private static final int AT_ONCE_MAX = 2;
    private static final int SENT_MAX = 3;
    private static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();

    private final Backoff backoff;
    private int failures;
    private int atOnce;
    private long dueNanos;
    /** When the last ones were sent; the oldest is at {@link #oldest}. */
    private final long[] sentNanos = new long[SENT_MAX];

    private int oldest;

    JoinRetries(Backoff backoff) {
        this.backoff = backoff;
        Arrays.fill(sentNanos, -WINDOW_NANOS);
    }

    void sent(long nowNanos) {
        sentNanos[oldest] = nowNanos;
        oldest = (oldest + 1) % SENT_MAX;
    }

    /** JoinGroup is to be sent again at once, as a part of the protocol. */
    void retryAtOnce(long nowNanos) {
        atOnce++;
        if (atOnce > AT_ONCE_MAX) {
            failures = Math.max(failures, 1);
            backOff(nowNanos);
        } else {
            dueNanos = nowNanos;
        }
    }

    void backOff(long nowNanos) {
        atOnce = Math.max(atOnce, 1);
        dueNanos = Deadline.after(nowNanos, backoff.delayNanos(++failures));
    }

    /** SyncGroup was answered with a plan that this member can take. */
    void synced() {
        failures = 0;
        atOnce = 0;
    }

    /** Whether the delay, if there is one, has passed. */
    boolean isDue(long nowNanos) {
        return dueNanos() <= nowNanos;
    }

    long dueNanos() {
        return Math.max(dueNanos, sentNanos[oldest] + WINDOW_NANOS);
    }
}
