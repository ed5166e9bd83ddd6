package dev.surefoot.core.exchange;

/**
 * A request for one broker, as a {@link Requester} wants it sent. Each one ends in exactly one of: an answer, a
 * failure, not sent. Two requests that say the same are still two: they are told apart by identity.
 *
 * <p>There is one immutable class of requests for each API of the protocol. It stands in the file of the requester that
 * sends it, and its bytes are the concern of the API's file in {@code dev.surefoot.wire}, which is found by this class.
 *
 * @param <A> what answers it
 */
public interface Request<A extends Answer> {

    /** The broker it is for. Bootstrap brokers, whose ids are not known yet, have ids below zero. */
    int nodeId();

    /** Which connection it goes over. */
    default Purpose purpose() {
        return Purpose.CONTROL;
    }

    /** How long its answer may take from the moment at which the wire took it, in nanoseconds. */
    long timeoutNanos();

    /** The class of its answer. */
    Class<A> answerType();

    /** The most bytes of records that its answer may hold, for which memory is reserved; 0 if the answer has none. */
    default int recordBytesMax() {
        return 0;
    }
}
