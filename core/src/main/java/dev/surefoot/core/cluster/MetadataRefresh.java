package dev.surefoot.core.cluster;

import dev.surefoot.core.time.Backoff;

/**
 * Decides when the next metadata request is due: when metadata is too old, at once when a part of the engine asks, and
 * after a back-off when requests fail. Owned by the loop's thread. Each request that is {@link #due} is {@link #sent},
 * and then either {@link #answered} or {@link #failed}.
 */
public final class MetadataRefresh {
    /** A time that has not come. */
    public static final long NEVER = Long.MIN_VALUE;

    private final long maxAgeNanos;
    private final Backoff backoff;

    private boolean requested = true;
    private boolean outstanding;
    private int unsatisfiedInARow;
    private long answeredAtNanos = NEVER;
    private long failingSinceNanos = NEVER;
    private long retryAtNanos;

    /**
     * @param maxAgeNanos the age in nanoseconds at which metadata is requested again ({@code metadata.max.age.ms})
     * @param backoff the delays after requests that fail, or whose answer lacks a leader that is needed
     */
    public MetadataRefresh(long maxAgeNanos, Backoff backoff) {
        this.maxAgeNanos = maxAgeNanos;
        this.backoff = backoff;
    }

    /** Makes metadata due as soon as the back-off allows. */
    public void request() {
        requested = true;
    }

    /** Whether metadata is due at this time, in nanoseconds of the loop's clock. */
    public boolean due(long nowNanos) {
        return !outstanding && nowNanos >= nextDue();
    }

    /**
     * The time at which metadata is next due, in nanoseconds of the loop's clock; {@link Long#MAX_VALUE} while a
     * request is outstanding.
     */
    public long nextDue() {
        if (outstanding) {
            return Long.MAX_VALUE;
        }
        return requested ? retryAtNanos : Math.max(retryAtNanos, answeredAtNanos + maxAgeNanos);
    }

    /** When metadata was answered last, in nanoseconds of the loop's clock, or {@link #NEVER}. */
    public long answeredAtNanos() {
        return answeredAtNanos;
    }

    /**
     * When the first of the requests in a row failed that have failed, in nanoseconds of the loop's clock, or {@link
     * #NEVER} if the last was answered.
     */
    public long failingSinceNanos() {
        return failingSinceNanos;
    }

    /** Marks a request as sent. No other is due until {@link #answered} or {@link #failed}. */
    public void sent() {
        outstanding = true;
        requested = false;
    }

    /**
     * Ends the request with an answer.
     *
     * @param satisfied whether it has every leader that is needed; if not, the next request is due after a back-off
     */
    public void answered(boolean satisfied, long nowNanos) {
        outstanding = false;
        answeredAtNanos = nowNanos;
        failingSinceNanos = NEVER;
        if (satisfied) {
            unsatisfiedInARow = 0;
            retryAtNanos = nowNanos + backoff.delayNanos(1);
        } else {
            requested = true;
            retryAtNanos = nowNanos + backoff.delayNanos(++unsatisfiedInARow);
        }
    }

    /** Ends the request without an answer, also if no broker could be asked. The next is due after a back-off. */
    public void failed(long nowNanos) {
        outstanding = false;
        requested = true;
        failingSinceNanos = failingSinceNanos == NEVER ? nowNanos : failingSinceNanos;
        retryAtNanos = nowNanos + backoff.delayNanos(++unsatisfiedInARow);
    }
}
