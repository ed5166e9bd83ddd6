package dev.surefoot.core.position;

import dev.surefoot.core.time.Backoff;

/**
 * When a broker may be asked for, or about, a partition again, and whether one is being asked about it. Owned by the
 * loop's thread.
 */
final class RetryState {
    private int failures;
    private long retryAtNanos;
    private boolean lookupOutstanding;

    /** The earliest time to ask a broker again; 0 when there was no failure. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    /** Whether a look-up of the partition's position awaits its answer. */
    boolean lookupOutstanding() {
        return lookupOutstanding;
    }

    /** A look-up was sent. */
    void sendLookup() {
        lookupOutstanding = true;
    }

    /** Notes one failure more in a row and backs off from now on; a look-up that was outstanding is so no more. */
    void backOff(Backoff backoff, long nowNanos) {
        failures++;
        retryAtNanos = nowNanos + backoff.delayNanos(failures);
        lookupOutstanding = false;
    }

    /** The last request succeeded, so the next failure is the first in a row. */
    void succeed() {
        failures = 0;
        retryAtNanos = 0;
    }

    /** The position is another one: neither a look-up nor a failure of the old one counts for it. */
    void restart() {
        lookupOutstanding = false;
        succeed();
    }
}
