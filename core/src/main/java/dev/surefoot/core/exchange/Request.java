package dev.surefoot.core.exchange;

/**
 * A request of a {@link Requester} to one broker. It either is not sent, or has exactly one outcome: an answer or a
 * failure. Requests are distinguished by identity, even if they are equal.
 *
 * <p>Each API of the protocol has one immutable class of requests, in the file of the requester that sends it. The
 * API's file in {@code dev.surefoot.wire} writes its bytes, and is found by this class.
 *
 * @param <A> the class of its answer
 */
public interface Request<A extends Answer> {

    /** The node id of the broker. Bootstrap brokers, whose node ids are not known yet, have ids below 0. */
    int nodeId();

    /** The purpose, which decides about the connection. */
    default Purpose purpose() {
        return Purpose.CONTROL;
    }

    /** The nanoseconds that its answer may take, from the time at which the transport took the request. */
    long timeoutNanos();

    /** The class of its answer. */
    Class<A> answerType();

    /** The most bytes of records in its answer, for which memory is reserved; 0 if the answer has none. */
    default int recordBytesMax() {
        return 0;
    }
}
