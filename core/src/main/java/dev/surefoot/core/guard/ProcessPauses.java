package dev.surefoot.core.guard;

import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.Optional;

/**
 * Notices that the process did not run for a while, or that its clocks were set, by the times of the guard's rounds. A
 * suspended machine may stop the monotonic clock, so the wall clock is compared with it. Owned by the loop's thread.
 */
final class ProcessPauses {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Rounds are a second apart, and a turn of the loop waits a second at most. */
    private static final long BETWEEN_ROUNDS_NANOS = 2 * SECOND_NANOS;

    /** What a round may be late, or the clocks may differ by, in the ordinary. */
    private static final long ORDINARY_NANOS = 5 * SECOND_NANOS;

    private boolean begun;
    private long lastNanos;
    private long lastEpochMillis;

    private boolean paused;
    private long atNanos;
    private long monotonicMs;
    private long wallMs;

    /**
     * Takes note of a round.
     *
     * @return whether the process did not run, or its clocks were set, since the last one
     */
    boolean look(long nowNanos, long epochMillis) {
        long gapNanos = nowNanos - lastNanos;
        long wallGapMs = epochMillis - lastEpochMillis;
        long gapMs = gapNanos / 1_000_000;
        boolean now = begun
                && (gapNanos > BETWEEN_ROUNDS_NANOS + ORDINARY_NANOS
                        || Math.abs(wallGapMs - gapMs) > ORDINARY_NANOS / 1_000_000);
        begun = true;
        lastNanos = nowNanos;
        lastEpochMillis = epochMillis;
        if (now) {
            paused = true;
            atNanos = nowNanos;
            monotonicMs = gapMs;
            wallMs = wallGapMs;
        }
        return now;
    }

    /** The last pause, if it was seen within this time. */
    Optional<ConsumerFinding.Named> within(long nanos, long nowNanos) {
        return paused && nowNanos - atNanos < nanos
                ? Optional.of(new ConsumerFinding.Named(
                        StallCause.PROCESS_PAUSED,
                        Severity.FINE,
                        new Scope.Client(),
                        atNanos,
                        new Evidence.Pause(Marks.UNKNOWN, monotonicMs, wallMs)))
                : Optional.empty();
    }
}
