package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.core.guard.GuardSettings;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.util.concurrent.TimeUnit;

/** The times by which the guard of a simulated consumer judges, and what follows from them. */
public final class GuardTerms {
    /** {@code surefoot.stall.patience.ms}: so short that what lasts shows in a schedule of a few seconds. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    static final long FETCH_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_POLL_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** What an exchange may take beyond the broker's waiting. */
    private static final long EXCHANGE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** From one look of the guard to the next, and a turn of the loop. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1_100);

    private GuardTerms() {}

    /** The times for a schedule of this shape. */
    public static GuardSettings.Timing timing(Shape shape) {
        return new GuardSettings.Timing(PATIENCE_NANOS, auditNanos(shape), FETCH_WAIT_NANOS, MAX_POLL_NANOS);
    }

    /** The times for a member of a group in a schedule of this shape. */
    public static GuardSettings.Timing timingInGroup(Shape shape, long maxPollNanos) {
        return new GuardSettings.Timing(PATIENCE_NANOS, auditNanos(shape), FETCH_WAIT_NANOS, maxPollNanos);
    }

    static long auditNanos(Shape shape) {
        return TimeUnit.MILLISECONDS.toNanos(shape.auditMillis());
    }

    /** For how long a proof may stand. */
    static long proofNanos(Shape shape) {
        return auditNanos(shape) + 2 * FETCH_WAIT_NANOS + EXCHANGE_NANOS + LOOK_NANOS;
    }
}
