package dev.surefoot.core.exchange;

/**
 * A decoded response. {@link Request#answerType} gives the class of answers of a request; both classes are in one file.
 */
public interface Answer {
    /**
     * Milliseconds for which the broker asks the client to send nothing on this connection (KIP-219); 0 for no delay.
     */
    int throttleTimeMs();

    /**
     * Releases the receive buffer that the answer points into. Does nothing for an answer that was copied out of it.
     */
    default void release() {}
}
