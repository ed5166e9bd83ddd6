package dev.surefoot.core.engine;

import dev.surefoot.core.exchange.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Why a broker that was due for a fetch has not been sent one.
 *
 * @param link what the connection said, where that is the reason, else null
 */
public record FetchDelay(Reason reason, @Nullable Readiness link) {
    static final FetchDelay FAR_AHEAD = new FetchDelay(Reason.FAR_AHEAD, null);
    static final FetchDelay NO_MEMORY = new FetchDelay(Reason.NO_MEMORY, null);

    public enum Reason {
        /** So much from this broker is unread that the next fetch waits until the application has read more of it. */
        FAR_AHEAD,
        /**
         * All memory for answers is in use or reserved; the application has to release some by consuming or by seeking.
         */
        NO_MEMORY,
        /** The connection takes no request yet. */
        LINK_NOT_READY,
        /** The broker cannot be reached. */
        LINK_FAILED,
        /** The connection was ready and refused the request all the same. */
        NOT_TAKEN
    }
}
