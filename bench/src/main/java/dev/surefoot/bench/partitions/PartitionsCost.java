package dev.surefoot.bench.partitions;

import org.jspecify.annotations.Nullable;

/**
 * What fetches cost one client with so many partitions in its session.
 *
 * @param partitions how many partitions the session has
 * @param changed how many of them had new records in each fetch
 * @param scattered whether others changed each time, until all had had their turn: their state has then left the
 *     processor's caches when they come round again. Otherwise the same ones changed always
 * @param client {@value SurefootSubject#NAME} or {@value KafkaClientsSubject#NAME}
 * @param fetches how many fetches were measured
 * @param planMicros median of small batches of fetches: from deciding what to fetch to the bytes of the request
 * @param handleMicros median of small batches of fetches: from the bytes of the response to records
 *     that wait for the application
 * @param requestBytes bytes of one request on the wire
 * @param responseBytes bytes of one response on the wire
 * @param allocatedBytes bytes allocated on the heap by one fetch, mean
 * @param upkeep what else the number of partitions makes dearer, or null where it was not measured
 */
public record PartitionsCost(
        int partitions,
        int changed,
        boolean scattered,
        String client,
        long fetches,
        double planMicros,
        double handleMicros,
        long requestBytes,
        long responseBytes,
        long allocatedBytes,
        @Nullable Upkeep upkeep) {

    /**
     * What does not come with every fetch.
     *
     * @param deliverMicros the application's poll that takes what one fetch has brought, median
     * @param setUpMillis from the assignment of all partitions to the end of the first fetch, which is a full one
     * @param metadataMillis to take in one answer about all topics
     * @param auditMicros to forget one silent partition and to add it to the session again, which is done to each once
     *     in {@code surefoot.session.audit.interval.ms}
     */
    public record Upkeep(double deliverMicros, double setUpMillis, double metadataMillis, double auditMicros) {}
}
