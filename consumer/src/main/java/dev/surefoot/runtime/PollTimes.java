package dev.surefoot.runtime;

import dev.surefoot.core.exchange.Turn;

/**
 * When the application is in poll, as its membership depends on that. Written by the application's thread, read by the
 * loop's.
 */
final class PollTimes {
    private volatile boolean inside;
    private volatile long entries;
    private volatile long leftNanos = Turn.NEVER_POLLED;
    private volatile long sinceNanos = Long.MIN_VALUE;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void enter(long nowNanos) {
        sinceNanos = nowNanos;
        inside = true;
        entries++;
    }

    void leave(long nowNanos) {
        leftNanos = nowNanos;
        sinceNanos = nowNanos;
        inside = false;
    }

    boolean isInside() {
        return inside;
    }

    /**
     * When the application entered or left poll, in nanoseconds of the loop's clock; {@link Long#MIN_VALUE} before its
     * first poll.
     */
    long sinceNanos() {
        return sinceNanos;
    }

    /** How many times poll was entered. */
    long entries() {
        return entries;
    }

    /** When the application was in poll last, as {@link Turn#lastPollNanos} has it. */
    long lastPollNanos(long nowNanos) {
        return inside ? nowNanos : leftNanos;
    }
}
