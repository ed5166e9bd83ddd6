package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answers by which brokers put a member off: there is no coordinator yet, or it still loads the group. Those of one
 * kind that follow each other within a while are one row. Owned by the loop's thread.
 */
final class CoordinatorRefusals {
    /** Longer than the back-off between two attempts, with the time that the answer takes. */
    private static final long ROW_NANOS = Duration.ofSeconds(5).toNanos();

    private @Nullable BrokerError last;
    private int inARow;
    private long firstNanos;
    private long lastNanos;

    void add(BrokerError error, long nowNanos) {
        if (error != last || nowNanos - lastNanos > ROW_NANOS) {
            inARow = 0;
            firstNanos = nowNanos;
        }
        last = error;
        inARow++;
        lastNanos = nowNanos;
    }

    /** A coordinator has answered as one. */
    void end() {
        last = null;
    }

    /** With what they refuse at this time, or null. */
    @Nullable BrokerError present(long nowNanos) {
        return last == null || nowNanos - lastNanos > ROW_NANOS ? null : last;
    }

    int inARow() {
        return inARow;
    }

    long firstNanos() {
        return firstNanos;
    }
}
