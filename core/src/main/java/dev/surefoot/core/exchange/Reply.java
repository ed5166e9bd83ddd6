package dev.surefoot.core.exchange;

/**
 * Handles the outcome of one request, and keeps what is needed for that. Exactly one of its methods is called, once, on
 * the loop's thread.
 */
public interface Reply<A extends Answer> {
    /** Handles the answer. Its memory is released when this method returns, unless the method has added a hold. */
    void answered(A answer, long nowNanos);

    /** Handles the end of the request without a usable answer. Whether the broker has carried it out is unknown. */
    void failed(RequestFailure failure, long nowNanos);
}
