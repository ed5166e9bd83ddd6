package dev.surefoot.net;

/** Receives the latency and throttle time of each answered fetch from the transport. Called on the loop's thread. */
@FunctionalInterface
public interface FetchTiming {
    /** Discards them. */
    FetchTiming NONE = (latencyNanos, throttleTimeMs) -> {};

    /**
     * @param latencyNanos nanoseconds from the sending of the request to the last byte of its answer
     * @param throttleTimeMs milliseconds for which the broker throttles the client, 0 for not at all
     */
    void answered(long latencyNanos, int throttleTimeMs);
}
