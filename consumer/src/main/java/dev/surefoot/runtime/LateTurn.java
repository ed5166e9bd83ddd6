package dev.surefoot.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * For how long others have watched one turn of the loop being late. A process that was stopped for a while has a late
 * turn too when it goes on: the age of the turn alone does not show that the loop stands while others run. Between two
 * looks the process may have been stopped as well. Safe from any thread.
 */
final class LateTurn {
    /** What the time between two looks counts for at most: the loop must have had the time to go on. */
    static final long GAP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(600);

    /**
     * @param expectedNanos when the turn was expected, by which it is told from others
     * @param firstNanos when it was first seen late
     * @param lastNanos when it was last seen late
     * @param confirmedNanos for how long others ran meanwhile, as far as that is sure
     */
    record Watch(long expectedNanos, long firstNanos, long lastNanos, long confirmedNanos) {
        private static Watch first(long expectedNanos, long nowNanos) {
            return new Watch(expectedNanos, nowNanos, nowNanos, 0);
        }

        private Watch again(long nowNanos) {
            long gapNanos = Math.max(0, nowNanos - lastNanos);
            return new Watch(
                    expectedNanos,
                    firstNanos,
                    Math.max(lastNanos, nowNanos),
                    confirmedNanos + Math.min(gapNanos, GAP_NANOS_MAX));
        }

        /** For how many nanoseconds it has been seen late, 0 for the first time. */
        long watchedNanos() {
            return lastNanos - firstNanos;
        }
    }

    private final AtomicReference<@Nullable Watch> watch = new AtomicReference<>();

    /** Takes note that a turn is late now. */
    Watch look(long expectedNanos, long nowNanos) {
        Watch now = watch.updateAndGet(before -> before != null && before.expectedNanos == expectedNanos
                ? before.again(nowNanos)
                : Watch.first(expectedNanos, nowNanos));
        return now == null ? Watch.first(expectedNanos, nowNanos) : now;
    }
}
