package dev.surefoot.core.exchange;

/**
 * A decoded response. Which class of answers fits which request says {@link Request#answerType}, and both stand in one
 * file.
 */
public interface Answer {
    /** How long the broker asks for silence on the connection, in milliseconds; 0 for none (KIP-219). */
    int throttleTimeMs();

    /** Releases the memory that the answer points into; does nothing for an answer that has been copied out of it. */
    default void release() {}
}
