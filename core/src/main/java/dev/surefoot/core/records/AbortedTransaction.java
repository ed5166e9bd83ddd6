package dev.surefoot.core.records;

/**
 * A transaction that was aborted within the fetched range ({@code AbortedTransactions} in a Fetch response). Records of
 * this producer from {@code firstOffset} up to its abort marker are not to be delivered under {@code read_committed}.
 */
public record AbortedTransaction(long producerId, long firstOffset) {}
