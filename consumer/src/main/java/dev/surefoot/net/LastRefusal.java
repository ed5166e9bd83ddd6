package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The refusal of credentials that is a broker's last word until another attempt to connect has ended. Attempts go
 * on, and one of them may take longer than an application waits for an answer; it gets the refusal meanwhile.
 * Belongs to the loop's thread.
 */
final class LastRefusal {
    /**
     * When nobody has asked for so long, the refusal says little about now: whoever asks then waits for the attempt
     * that the question causes. An application that asks again and again is told at once.
     */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private @Nullable RequestFailure refusal;
    private long retryAtNanos;

    /**
     * Takes note of how an attempt ended.
     *
     * @param retryAtNanos when the next attempt is allowed, as a value of the clock
     */
    void attemptFailed(RequestFailure why, long retryAtNanos) {
        this.refusal = why.kind() == RequestFailure.Kind.AUTHENTICATION ? why : null;
        this.retryAtNanos = retryAtNanos;
    }

    /** Forgets a refusal that is stale when the next attempt begins. */
    void attemptBegins(long nowNanos) {
        if (nowNanos - retryAtNanos > STALE_NANOS) {
            refusal = null;
        }
    }

    void clear() {
        refusal = null;
    }

    /** The last word of the broker, or null if it has not refused this client, or too long ago. */
    @Nullable RequestFailure word() {
        return refusal;
    }
}
