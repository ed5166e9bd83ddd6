package dev.surefoot.wire;

/**
 * The parts of a Fetch request that stay the same for a consumer's life.
 *
 * @param maxWaitMs how long a broker may hold the request while fewer than {@code minBytes} are there
 * @param minBytes how many bytes of records are worth an answer
 * @param readCommitted whether to ask for committed records and for the list of aborted transactions
 * @param rackId the client's rack, empty for none (KIP-392)
 */
public record FetchSettings(int maxWaitMs, int minBytes, boolean readCommitted, String rackId) {}
