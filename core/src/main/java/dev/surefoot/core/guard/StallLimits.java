package dev.surefoot.core.guard;

import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;

/** When a cause counts as a stall. */
final class StallLimits {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** What {@link StallCause.Patience#TRANSACTION} stands for. */
    private static final long TRANSACTION_NANOS = 20 * MINUTE_NANOS;

    private final GuardSettings settings;

    StallLimits(GuardSettings settings) {
        this.settings = settings;
    }

    /** Whether the cause is no trouble, however long it lasts. */
    static boolean isFine(StallCause cause) {
        return cause.patience() == StallCause.Patience.NO_STALL;
    }

    /** @param ageNanos for how long there has been trouble without progress, in nanoseconds */
    Severity severity(Conclusion conclusion, long ageNanos) {
        long patienceNanos = settings.timing().patienceNanos();
        return switch (conclusion.weight()) {
            case USUAL -> severity(conclusion.cause(), ageNanos);
            case EARLY -> after(patienceNanos, ageNanos);
            case FINAL -> Severity.FAILED;
        };
    }

    private Severity severity(StallCause cause, long ageNanos) {
        if (cause == StallCause.STARTING) {
            // It is a matter of seconds, after which progress or another cause follows: that one may count as a stall.
            return Severity.WAITING;
        }
        long patienceNanos = settings.timing().patienceNanos();
        return switch (cause.patience()) {
            case NO_STALL -> Severity.FINE;
            case FAILS_AT_ONCE -> Severity.FAILED;
            case STALLS_AT_ONCE -> Severity.STALLED;
            case HALF -> after(patienceNanos / 2, ageNanos);
            case FULL -> after(patienceNanos, ageNanos);
            case TRIPLE -> after(3 * patienceNanos, ageNanos);
            case MINUTE -> after(MINUTE_NANOS, ageNanos);
            case POLL_INTERVAL -> after(pollNanos(), ageNanos);
            case TRANSACTION -> after(TRANSACTION_NANOS, ageNanos);
        };
    }

    private static Severity after(long limitNanos, long ageNanos) {
        return ageNanos >= limitNanos ? Severity.STALLED : Severity.WAITING;
    }

    /** A member warns before its group removes it. */
    private long pollNanos() {
        long most = settings.timing().maxPollIntervalNanos();
        return settings.inGroup() ? most / 5 * 4 : most;
    }
}
