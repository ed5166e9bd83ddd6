package dev.surefoot.bench.partitions;

import org.jspecify.annotations.Nullable;

/**
 * What fetches cost one client with so many partitions in its session.
 *
 * @param partitions how many partitions the session has
 * @param changed how many of them had new records in each fetch
 * @param scattered whether others changed each time, until each had changed once: their state has then left the
 *     processor's caches when they change again. Otherwise always the same ones changed
 * @param client {@value SurefootSubject#NAME} or {@value KafkaClientsSubject#NAME}
 * @param fetches how many fetches were measured
 * @param planMicros median of small batches of fetches: from deciding what to fetch to the bytes of the request
 * @param handleMicros median of small batches of fetches: from the bytes of the response to records that wait for the
 *     application
 * @param requestBytes bytes of one request on the wire
 * @param responseBytes bytes of one response on the wire
 * @param allocatedBytes bytes allocated on the heap by one fetch, mean
 * @param upkeep other costs that grow with the number of partitions, or null if they were not measured
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
     * Costs that do not occur with every fetch.
     *
     * @param deliverMicros the application's poll that takes the records of one fetch, median
     * @param setUpMillis from the assignment of all partitions to the end of the first fetch, which is a full one
     * @param metadataMillis to handle one answer about all topics
     * @param auditMicros to forget one silent partition and to add it to the session again; each partition is audited
     *     once in {@code surefoot.session.audit.interval.ms}
     */
    public record Upkeep(double deliverMicros, double setUpMillis, double metadataMillis, double auditMicros) {}
}
