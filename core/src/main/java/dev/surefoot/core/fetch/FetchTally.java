package dev.surefoot.core.fetch;

/**
 * Counts of what fetching did since the consumer was made. All counts only grow.
 *
 * @param sessionsOpened sessions that brokers granted
 * @param fullFetches answered requests that listed every wanted partition
 * @param incrementalFetches answered requests that listed only what had changed
 * @param refusedFetches requests that brokers refused as a whole, by an evicted session for example
 * @param divergedFetches answers that contradicted what the broker had been told
 * @param doubtedPartitions partitions in otherwise good answers whose data was not believed
 * @param failedFetches requests that ended without an answer
 * @param requestBytes bytes of answered Fetch requests on the wire
 * @param responseBytes bytes of Fetch responses on the wire
 * @param savedBytes what the same incremental fetches would have cost more as full ones: the fixed-size entries of the
 *     partitions that request and response left out (33 and 37 bytes each in v13), topic names or ids not counted
 */
public record FetchTally(
        long sessionsOpened,
        long fullFetches,
        long incrementalFetches,
        long refusedFetches,
        long divergedFetches,
        long doubtedPartitions,
        long failedFetches,
        long requestBytes,
        long responseBytes,
        long savedBytes) {
    public static final FetchTally NOTHING = new FetchTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
