package dev.surefoot;

import dev.surefoot.core.fetch.FetchTally;

/**
 * What fetching has cost and what fetch sessions have saved: counts since the consumer was made, or between two reports
 * (see {@link #since}). The counts of one consumer only grow. An immutable value, safe from any thread.
 *
 * @param sessionsOpened fetch sessions that brokers granted
 * @param fullFetches answered fetches whose request listed every partition that was wanted from the broker
 * @param incrementalFetches answered fetches whose request listed only what had changed
 * @param refusedFetches fetches that brokers refused as a whole, for example because a session was evicted
 * @param mismatchedFetches answers that contradicted the requests of their session; none of their data was used
 * @param doubtedPartitions partitions in otherwise good answers whose data failed a check and was not used
 * @param failedFetches fetches that ended without an answer: the connection was lost, or the request timed out
 * @param requestBytes bytes of answered Fetch requests on the wire, headers included
 * @param responseBytes bytes of Fetch responses on the wire, headers included
 * @param savedBytes a lower bound of the bytes that the incremental fetches would have taken more as full fetches
 */
public record FetchReport(
        long sessionsOpened,
        long fullFetches,
        long incrementalFetches,
        long refusedFetches,
        long mismatchedFetches,
        long doubtedPartitions,
        long failedFetches,
        long requestBytes,
        long responseBytes,
        long savedBytes) {

    static FetchReport of(FetchTally tally) {
        return new FetchReport(
                tally.sessionsOpened(),
                tally.fullFetches(),
                tally.incrementalFetches(),
                tally.refusedFetches(),
                tally.mismatchedFetches(),
                tally.doubtedPartitions(),
                tally.failedFetches(),
                tally.requestBytes(),
                tally.responseBytes(),
                tally.savedBytes());
    }

    /**
     * Returns what happened between an earlier report of the same consumer and this one.
     *
     * <pre>{@code
     * FetchReport before = consumer.fetchReport();
     * ...
     * long bytes = consumer.fetchReport().since(before).responseBytes();
     * }</pre>
     *
     * @param earlier a report with no count above this one's
     * @return the differences, each 0 or more
     * @throws IllegalArgumentException if a count of {@code earlier} is larger than this report's: it is then not an
     *     earlier report of the same consumer
     */
    public FetchReport since(FetchReport earlier) {
        return new FetchReport(
                grown(sessionsOpened, earlier.sessionsOpened, earlier),
                grown(fullFetches, earlier.fullFetches, earlier),
                grown(incrementalFetches, earlier.incrementalFetches, earlier),
                grown(refusedFetches, earlier.refusedFetches, earlier),
                grown(mismatchedFetches, earlier.mismatchedFetches, earlier),
                grown(doubtedPartitions, earlier.doubtedPartitions, earlier),
                grown(failedFetches, earlier.failedFetches, earlier),
                grown(requestBytes, earlier.requestBytes, earlier),
                grown(responseBytes, earlier.responseBytes, earlier),
                grown(savedBytes, earlier.savedBytes, earlier));
    }

    private long grown(long now, long before, FetchReport earlier) {
        if (now < before) {
            throw new IllegalArgumentException(earlier + " is not earlier than " + this
                    + "; pass a report that the same consumer gave before this one.");
        }
        return now - before;
    }
}
