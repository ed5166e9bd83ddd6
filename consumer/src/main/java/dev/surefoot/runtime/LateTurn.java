package dev.surefoot.runtime;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * For how long others have watched one turn of the loop being late. A process that was stopped for a while has a late
 * turn too when it goes on: the age of the turn alone does not show that the loop stands while others run. Safe from
 * any thread.
 */
final class LateTurn {
    /**
     * @param expectedNanos when the turn was expected, by which it is told from others
     * @param firstNanos when it was first seen late
     */
    private record Seen(long expectedNanos, long firstNanos) {}

    private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();

    /**
     * Takes note that a turn is late now.
     *
     * @return for how many nanoseconds it has been seen late, 0 for the first time
     */
    long watchedNanos(long expectedNanos, long nowNanos) {
        Seen now = seen.updateAndGet(before ->
                before != null && before.expectedNanos == expectedNanos ? before : new Seen(expectedNanos, nowNanos));
        return now == null ? 0 : Math.max(0, nowNanos - now.firstNanos);
    }
}
