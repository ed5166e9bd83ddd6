package dev.surefoot;

/**
 * What fetching has cost and what sessions have saved since the consumer was made. All counts only grow.
 *
 * @param sessionsOpened fetch sessions that brokers granted
 * @param fullFetches answered fetches that listed every wanted partition
 * @param incrementalFetches answered fetches that listed only what had changed
 * @param refusedFetches fetches that brokers refused as a whole, after a session was evicted for example
 * @param divergedFetches answers that contradicted what the broker had been told; nothing of them was used
 * @param doubtedPartitions partitions in otherwise good answers whose data was not believed
 * @param failedFetches fetches that ended without an answer
 * @param requestBytes bytes of answered Fetch requests on the wire
 * @param responseBytes bytes of Fetch responses on the wire
 * @param savedBytes bytes that the same incremental fetches would have cost more as full ones, at least
 */
public record FetchReport(
        long sessionsOpened,
        long fullFetches,
        long incrementalFetches,
        long refusedFetches,
        long divergedFetches,
        long doubtedPartitions,
        long failedFetches,
        long requestBytes,
        long responseBytes,
        long savedBytes) {}
