package dev.surefoot.core.exchange;

import org.jspecify.annotations.Nullable;

/**
 * The condition of the connection to one broker for one purpose, to explain why nothing comes from there. All times are
 * nanoseconds of the loop's clock. Immutable.
 *
 * @param sinceNanos when the state was entered, in nanoseconds
 * @param address the IP address and port that were tried last, or null before the first attempt
 * @param lastFailure why the last attempt or connection ended, or null if none has failed since a request was answered
 * @param failuresInARow the attempts and connections that have failed since a request was answered
 * @param throttledUntilNanos when the broker's throttle ends (KIP-219), or {@link Long#MAX_VALUE} without one
 */
public record LinkCondition(
        State state,
        long sinceNanos,
        @Nullable String address,
        @Nullable RequestFailure lastFailure,
        int failuresInARow,
        long throttledUntilNanos,
        Traffic traffic) {

    /** How far the connection is. */
    public enum State {
        /** There is no connection, and nothing to send. */
        IDLE,
        /** The host's name is being resolved. */
        RESOLVING,
        /** The TCP connection is being established. */
        CONNECTING,
        /** TLS or SASL is under way. */
        AUTHENTICATING,
        /** The broker has not told its API versions yet. */
        NEGOTIATING,
        /** Requests can be sent. */
        READY,
        /** The last attempt failed, and the next one waits. */
        BACKING_OFF
    }

    /**
     * The requests and answers of a connection. Times are nanoseconds of the loop's clock.
     *
     * @param inFlight the requests without an answer
     * @param oldestSentNanos when the oldest of them was sent, in nanoseconds; {@link Long#MAX_VALUE} if there is none
     * @param arrivedBytes how many bytes of the next answer have arrived
     * @param answerBytes the size in bytes of the next answer if it has begun to arrive, else 0
     * @param lastAnswerNanos when the last answer was complete, in nanoseconds; {@link Long#MIN_VALUE} without one
     * @param roundTripNanos the moving average of the nanoseconds from a request to its answer; for fetches it includes
     *     the time for which the broker waits for data; 0 if there was no answer
     * @param readySinceNanos since when the connection has been ready without a loss, in nanoseconds; {@link
     *     Long#MAX_VALUE} if it is not
     */
    public record Traffic(
            int inFlight,
            long oldestSentNanos,
            long arrivedBytes,
            long answerBytes,
            long lastAnswerNanos,
            long roundTripNanos,
            long readySinceNanos) {}
}
