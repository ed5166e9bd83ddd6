package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A broker's refusal of credentials, which is reported until another attempt to connect has ended. Such an attempt may
 * take longer than an application waits for an answer; the application gets the refusal meanwhile. Owned by the loop's
 * thread.
 */
final class LastRefusal {
    /**
     * After this time without a query the refusal says little about now: the next query waits for the attempt that it
     * causes. An application that queries continuously gets the refusal at once.
     */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private @Nullable RequestFailure refusal;
    private long retryAtNanos;

    /**
     * Notes how an attempt ended.
     *
     * @param retryAtNanos when the next attempt is allowed, as a value of the clock
     */
    void attemptFailed(RequestFailure why, long retryAtNanos) {
        this.refusal = why.isRefusal() ? why : null;
        this.retryAtNanos = retryAtNanos;
    }

    /** Drops a stale refusal when the next attempt begins. */
    void attemptBegins(long nowNanos) {
        if (nowNanos - retryAtNanos > STALE_NANOS) {
            refusal = null;
        }
    }

    void clear() {
        refusal = null;
    }

    /** Returns the refusal, or null if the last attempt was not refused, or too long ago. */
    @Nullable RequestFailure word() {
        return refusal;
    }
}
