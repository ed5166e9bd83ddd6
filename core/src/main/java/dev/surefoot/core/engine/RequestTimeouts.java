package dev.surefoot.core.engine;

/**
 * The time that answers may take.
 *
 * @param answerNanos nanoseconds for requests that a broker answers at once ({@code request.timeout.ms})
 * @param fetchNanos nanoseconds for fetches, which a broker may hold back for {@code fetch.max.wait.ms} in addition
 */
public record RequestTimeouts(long answerNanos, long fetchNanos) {}
