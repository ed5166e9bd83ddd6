package dev.surefoot.core.exchange;

/**
 * Takes the outcome of one request, and remembers what the request was for. Exactly one of its methods is called,
 * once, on the loop's thread.
 */
public interface Reply<A extends Answer> {
    /** The memory that the answer may hold is released when this method returns; whoever needs it longer retains it. */
    void answered(A answer, long nowNanos);

    /** The request ended without a usable answer; what the broker made of it is unknown. */
    void failed(RequestFailure failure, long nowNanos);
}
