package dev.surefoot.core.group;

import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;

/**
 * When the next JoinGroup may be sent. Some answers ask for it at once, and get it so a few times in a row; then they
 * are a fault, and back off as others do. Owned by the loop's thread.
 */
final class JoinRetries {
    private static final int AT_ONCE_MAX = 2;

    private final Backoff backoff;
    private int failures;
    private int atOnce;
    private long dueNanos;

    JoinRetries(Backoff backoff) {
        this.backoff = backoff;
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
        dueNanos = Deadline.after(nowNanos, backoff.delayNanos(++failures));
    }

    /** SyncGroup was answered in order. */
    void synced() {
        failures = 0;
        atOnce = 0;
    }

    /** Whether the delay, if there is one, has passed. */
    boolean isDue(long nowNanos) {
        return dueNanos <= nowNanos;
    }

    long dueNanos() {
        return dueNanos;
    }
}
