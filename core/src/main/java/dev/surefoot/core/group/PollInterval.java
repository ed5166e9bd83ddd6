package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.time.Deadline;

/**
 * How long the application may stay out of poll before its membership ends ({@code max.poll.interval.ms}), whether the
 * coordinator is known or not. Owned by the loop's thread.
 */
final class PollInterval {
    private final long maxNanos;
    private long deadlineNanos = Deadline.NEVER;

    /** @param maxNanos {@code max.poll.interval.ms} in nanoseconds */
    PollInterval(long maxNanos) {
        this.maxNanos = maxNanos;
    }

    /** Notes when the application was in poll last; time within poll does not count. */
    void observe(Turn turn) {
        deadlineNanos = turn.lastPollNanos() == Turn.NEVER_POLLED
                ? Deadline.NEVER
                : Deadline.after(turn.lastPollNanos(), maxNanos);
    }

    boolean isOver(long nowNanos) {
        return Deadline.passed(deadlineNanos, nowNanos);
    }

    /** When it is over if the application does not poll again. */
    long deadlineNanos() {
        return deadlineNanos;
    }
}
