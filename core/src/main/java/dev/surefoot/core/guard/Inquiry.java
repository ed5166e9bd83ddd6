package dev.surefoot.core.guard;

/** When a question that is asked now and then is due. Times are of the loop's clock. Owned by the loop's thread. */
final class Inquiry {
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final long RETRY_MAX_NANOS = 60_000_000_000L;

    private long askedNanos = PartitionLedger.NEVER;
    /** The time until it is due again. */
    private long waitNanos;

    private int failuresInARow;

    /** Whether the question is due; if so it is asked. */
    boolean asks(long everyNanos, long nowNanos) {
        boolean due = askedNanos == PartitionLedger.NEVER || nowNanos - askedNanos >= waitNanos;
        if (due) {
            askedNanos = nowNanos;
            waitNanos = everyNanos;
        }
        return due;
    }

    /** It is due at once: it was not sent, or there is a reason to ask again. */
    void renew() {
        waitNanos = 0;
    }

    void answered() {
        failuresInARow = 0;
    }

    /** The answer was none, or did not come: it is due later, ever later if that goes on. */
    void failed(long nowNanos) {
        askedNanos = nowNanos;
        waitNanos = Math.min(RETRY_MAX_NANOS, RETRY_NANOS << Math.min(failuresInARow, 6));
        failuresInARow++;
    }

    /** When it was asked last, or {@link PartitionLedger#NEVER}. */
    long askedNanos() {
        return askedNanos;
    }
}
