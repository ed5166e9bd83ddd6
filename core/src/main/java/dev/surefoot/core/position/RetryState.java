package dev.surefoot.core.position;

import dev.surefoot.core.time.Backoff;

/** The back-off of one partition, and whether a look-up of its position is outstanding. Owned by the loop's thread. */
final class RetryState {
    private int failures;
    private long retryAtNanos;
    private boolean lookupOutstanding;

    /** The earliest time for the next request, in nanoseconds of the loop's clock; 0 if there was no failure. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    /** The number of requests that have failed in a row. */
    int failures() {
        return failures;
    }

    /** Whether a look-up of the partition's position awaits its answer. */
    boolean lookupOutstanding() {
        return lookupOutstanding;
    }

    /** Marks a look-up as outstanding. */
    void sendLookup() {
        lookupOutstanding = true;
    }

    /** Counts one more failure in a row and backs off from now on. An outstanding look-up ends. */
    void backOff(Backoff backoff, long nowNanos) {
        failures++;
        retryAtNanos = nowNanos + backoff.delayNanos(failures);
        lookupOutstanding = false;
    }

    /** Ends the row of failures, after a request has succeeded. */
    void succeed() {
        failures = 0;
        retryAtNanos = 0;
    }

    /** Resets this state for a new position: failures and the look-up of the old one do not count. */
    void restart() {
        lookupOutstanding = false;
        succeed();
    }
}
