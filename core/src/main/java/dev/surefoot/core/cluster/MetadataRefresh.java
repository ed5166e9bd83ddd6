package dev.surefoot.core.cluster;

import dev.surefoot.core.time.Backoff;

/**
 * When the next metadata request is due: when metadata is too old, at once when a part of the engine asks, and after a
 * back-off when requests fail. It knows nothing of fetch sessions. Owned by the loop's thread, which calls
 * {@link #request} and {@link #answered} or {@link #failed}, and asks {@link #nextDue}.
 */
public final class MetadataRefresh {
    private final long maxAgeNanos;
    private final Backoff backoff;

    private boolean requested = true;
    private boolean outstanding;
    private int unsatisfiedInARow;
    private long answeredAtNanos;
    private long retryAtNanos;

    /**
     * @param maxAgeNanos how old metadata may grow before it is asked for again ({@code metadata.max.age.ms})
     * @param backoff the delays after requests that fail, or whose answer lacks a leader that is looked for
     */
    public MetadataRefresh(long maxAgeNanos, Backoff backoff) {
        this.maxAgeNanos = maxAgeNanos;
        this.backoff = backoff;
    }

    /** Makes metadata due as soon as the back-off allows. */
    public void request() {
        requested = true;
    }

    /** Whether metadata is due at this time, in the nanoseconds of the caller's clock. */
    public boolean due(long nowNanos) {
        return !outstanding && nowNanos >= nextDue();
    }

    /**
     * The time at which metadata is next due, in the nanoseconds of the caller's clock; {@link Long#MAX_VALUE} while
     * a request is outstanding.
     */
    public long nextDue() {
        if (outstanding) {
            return Long.MAX_VALUE;
        }
        return requested ? retryAtNanos : Math.max(retryAtNanos, answeredAtNanos + maxAgeNanos);
    }

    /** Notes that a request was handed to the wire. Nothing is due until {@link #answered} or {@link #failed}. */
    public void sent() {
        outstanding = true;
        requested = false;
    }

    /**
     * Notes that an answer has come.
     *
     * @param satisfied whether it has a leader for every partition that is looked for; if not, the
     *     next is due after a back-off
     */
    public void answered(boolean satisfied, long nowNanos) {
        outstanding = false;
        answeredAtNanos = nowNanos;
        if (satisfied) {
            unsatisfiedInARow = 0;
            retryAtNanos = nowNanos + backoff.delayNanos(1);
        } else {
            requested = true;
            retryAtNanos = nowNanos + backoff.delayNanos(++unsatisfiedInARow);
        }
    }

    /** Notes that a request has failed, or that no broker could be asked; the next is due after a back-off. */
    public void failed(long nowNanos) {
        outstanding = false;
        requested = true;
        retryAtNanos = nowNanos + backoff.delayNanos(++unsatisfiedInARow);
    }
}
