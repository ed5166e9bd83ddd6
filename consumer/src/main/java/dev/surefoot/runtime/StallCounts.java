package dev.surefoot.runtime;

import dev.surefoot.core.guard.Announcement;
import dev.surefoot.progress.StallCause;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many stalls of each cause there were, and how long they lasted. Written by the loop's thread, read by any. */
final class StallCounts {
    /**
     * The stalls of one cause.
     *
     * @param stalls how many have begun
     * @param endedNanos how long those that have ended lasted together
     * @param open since when each of the others lasts, in nanoseconds of the loop's clock, by its number
     */
    record OfCause(long stalls, long endedNanos, Map<Long, Long> open) {
        static final OfCause NONE = new OfCause(0, 0, Map.of());

        /** How long all stalls have lasted together, in nanoseconds. */
        long nanos(long nowNanos) {
            return endedNanos
                    + open.values().stream()
                            .mapToLong(since -> nowNanos - since)
                            .sum();
        }
    }

    private final Map<StallCause, OfCause> causes = new ConcurrentHashMap<>();

    void stalled(Announcement stall) {
        OfCause before = of(stall.stalling().cause());
        Map<Long, Long> open = new HashMap<>(before.open());
        open.put(stall.stalling().episode(), stall.sinceNanos());
        causes.put(stall.stalling().cause(), new OfCause(before.stalls() + 1, before.endedNanos(), Map.copyOf(open)));
    }

    void ended(Announcement end) {
        OfCause before = of(end.stalling().cause());
        Map<Long, Long> open = new HashMap<>(before.open());
        open.remove(end.stalling().episode());
        causes.put(
                end.stalling().cause(),
                new OfCause(
                        before.stalls(), before.endedNanos() + end.untilNanos() - end.sinceNanos(), Map.copyOf(open)));
    }

    OfCause of(StallCause cause) {
        return causes.getOrDefault(cause, OfCause.NONE);
    }

    /** The age of the oldest stall that lasts, in nanoseconds; 0 if none does. */
    long oldestNanos(long nowNanos) {
        return causes.values().stream()
                .map(each -> each.open().values())
                .flatMap(Collection::stream)
                .mapToLong(since -> nowNanos - since)
                .max()
                .orElse(0);
    }
}
