package dev.surefoot.runtime;

import dev.surefoot.core.exchange.Turn;
import org.jspecify.annotations.Nullable;

/**
 * When the application is in poll, as its membership depends on that. Written by the application's thread, read by the
 * loop's.
 */
final class PollTimes {
    private volatile boolean inside;
    private volatile @Nullable Thread thread;
    private volatile long entries;
    private volatile long leftNanos = Turn.NEVER_POLLED;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void enter() {
        if (!Thread.currentThread().equals(thread)) {
            thread = Thread.currentThread();
        }
        inside = true;
        entries++;
    }

    void leave(long nowNanos) {
        leftNanos = nowNanos;
        inside = false;
    }

    boolean isInside() {
        return inside;
    }

    /** The thread that was in poll last, or null. */
    @Nullable Thread thread() {
        return thread;
    }

    /** How many times poll was entered. */
    long entries() {
        return entries;
    }

    /** How many times poll was entered or left. */
    long crossings() {
        return 2 * entries + (inside ? 0 : 1);
    }

    /** When the application was in poll last, as {@link Turn#lastPollNanos} has it. */
    long lastPollNanos(long nowNanos) {
        return inside ? nowNanos : leftNanos;
    }
}
