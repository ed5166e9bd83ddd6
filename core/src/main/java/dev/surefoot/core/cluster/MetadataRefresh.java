package dev.surefoot.core.cluster;

import dev.surefoot.core.time.Backoff;

/**
 * When metadata is due: by age, at once when someone asks, and at a back-off after failures. It decides nothing else;
 * in particular it never touches a fetch session. Owned by the loop's thread.
 */
public final class MetadataRefresh {
    private final long maxAgeNanos;
    private final Backoff backoff;

    private boolean requested = true;
    private boolean outstanding;
    private int fruitless;
    private long lastSuccess;
    private long notBefore;

    /**
     * @param maxAgeNanos how old metadata may grow before it is asked for again ({@code metadata.max.age.ms})
     * @param backoff the pace of requests that fail, or that answer nothing new to someone who had asked
     */
    public MetadataRefresh(long maxAgeNanos, Backoff backoff) {
        this.maxAgeNanos = maxAgeNanos;
        this.backoff = backoff;
    }

    /** Asks for fresh metadata, as soon as the back-off allows. */
    public void request() {
        requested = true;
    }

    public boolean due(long nowNanos) {
        return !outstanding && nowNanos >= nextDue();
    }

    /** When metadata is next due; {@link Long#MAX_VALUE} while a request is outstanding. */
    public long nextDue() {
        if (outstanding) {
            return Long.MAX_VALUE;
        }
        return requested ? notBefore : Math.max(notBefore, lastSuccess + maxAgeNanos);
    }

    public void sent() {
        outstanding = true;
        requested = false;
    }

    /**
     * Takes note of an answer.
     *
     * @param satisfied whether the answer holds a leader for everything that is looked for; if not, the
     *     next is due after a back-off
     */
    public void answered(boolean satisfied, long nowNanos) {
        outstanding = false;
        lastSuccess = nowNanos;
        if (satisfied) {
            fruitless = 0;
            notBefore = nowNanos + backoff.delayNanos(1);
        } else {
            requested = true;
            notBefore = nowNanos + backoff.delayNanos(++fruitless);
        }
    }

    /** Takes note that a request failed, or that no broker could be asked. */
    public void failed(long nowNanos) {
        outstanding = false;
        requested = true;
        notBefore = nowNanos + backoff.delayNanos(++fruitless);
    }
}
