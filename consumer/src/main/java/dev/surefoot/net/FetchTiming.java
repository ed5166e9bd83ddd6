package dev.surefoot.net;

/** Told of each fetch that is answered, by the transport that has sent it. Called on the loop's thread. */
@FunctionalInterface
public interface FetchTiming {
    /** Told by a transport whose fetches nobody measures. */
    FetchTiming NONE = (latencyNanos, throttleTimeMs) -> {};

    /**
     * @param latencyNanos the nanoseconds from the sending of the request to the last byte of its answer
     * @param throttleTimeMs the milliseconds that the broker asks the client to stay quiet, 0 for not at all
     */
    void answered(long latencyNanos, int throttleTimeMs);
}
