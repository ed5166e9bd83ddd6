package dev.surefoot.core.engine;

/**
 * How long answers may take.
 *
 * @param answerNanos {@code request.timeout.ms}: how long a broker may take that has no reason to wait
 * @param fetchNanos the same for a fetch within a session, which the broker may hold back for
 *     {@code fetch.max.wait.ms} before that
 */
public record RequestTimeouts(long answerNanos, long fetchNanos) {}
