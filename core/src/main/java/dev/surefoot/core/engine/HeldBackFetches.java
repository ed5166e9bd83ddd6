package dev.surefoot.core.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * Which brokers' fetches wait for the application or for memory, and not just for a moment. Where memory is scarce, a
 * fetch leaves now and then and has no room for every partition, so a wait counts for a while after its end. Where it
 * is shared, a broker's fetch may wait until that of another one is answered, which does not count. Owned by the loop's
 * thread.
 */
final class HeldBackFetches {
    /** A shorter wait holds up no partition. */
    private static final long LEAST_NANOS = 250_000_000L;

    /** For how long an ended wait counts: the guard looks once a second. */
    private static final long COUNTS_NANOS = 1_500_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private static final class Wait {
        /** Since when the fetch waits, or {@link #NEVER} if it does not. */
        private long sinceNanos = NEVER;
        /** When it last was to wait, and when it last had waited for long, or {@link #NEVER}. */
        private long lastNanos = NEVER;

        private long longNanos = NEVER;

        void note(boolean now, long nowNanos) {
            lastNanos = now ? nowNanos : lastNanos;
            if (sinceNanos != NEVER && nowNanos - sinceNanos >= LEAST_NANOS) {
                longNanos = nowNanos;
            }
            if (!now) {
                sinceNanos = NEVER;
            } else if (sinceNanos == NEVER) {
                sinceNanos = nowNanos;
            }
        }
    }

    private final Map<Integer, Wait> waits = new HashMap<>();

    /** Takes note of why fetches are delayed in this turn. */
    void note(Map<Integer, FetchDelay> delays, long nowNanos) {
        for (Map.Entry<Integer, FetchDelay> each : delays.entrySet()) {
            if (isForMemory(each.getValue())) {
                waits.computeIfAbsent(each.getKey(), nodeId -> new Wait());
            }
        }
        for (Map.Entry<Integer, Wait> each : waits.entrySet()) {
            FetchDelay delay = delays.get(each.getKey());
            each.getValue().note(delay != null && isForMemory(delay), nowNanos);
        }
    }

    private static boolean isForMemory(FetchDelay delay) {
        return delay.reason() == FetchDelay.Reason.FAR_AHEAD || delay.reason() == FetchDelay.Reason.NO_MEMORY;
    }

    /** Whether the fetch from this broker waits for long, or did a moment ago. */
    boolean isHeldBack(int nodeId, long nowNanos) {
        Wait wait = waits.get(nodeId);
        return wait != null && counts(wait.longNanos, nowNanos);
    }

    /** Whether the fetch from this broker waits, or did a moment ago, for however short a time. */
    boolean waits(int nodeId, long nowNanos) {
        Wait wait = waits.get(nodeId);
        return wait != null && counts(wait.lastNanos, nowNanos);
    }

    private static boolean counts(long atNanos, long nowNanos) {
        return atNanos != NEVER && nowNanos - atNanos < COUNTS_NANOS;
    }
}
