package dev.surefoot.core.engine;

import dev.surefoot.core.exchange.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Why a broker that was due for a fetch was not sent one. Immutable.
 *
 * @param link the readiness of the connection if that is the reason, else null
 */
public record FetchDelay(Reason reason, @Nullable Readiness link) {
    static final FetchDelay FAR_AHEAD = new FetchDelay(Reason.FAR_AHEAD, null);
    static final FetchDelay NO_MEMORY = new FetchDelay(Reason.NO_MEMORY, null);

    public enum Reason {
        /** The application has enough unread answers of this broker; the fetch waits until it has read more of them. */
        FAR_AHEAD,
        /** Too little memory for answers is free. The application releases some by consuming or by seeking. */
        NO_MEMORY,
        /** The connection takes no request yet. */
        LINK_NOT_READY,
        /** The broker cannot be reached. */
        LINK_FAILED,
        /** The connection was ready, but refused the request. */
        NOT_TAKEN
    }
}
