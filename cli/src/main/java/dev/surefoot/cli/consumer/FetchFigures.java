package dev.surefoot.cli.consumer;

/**
 * What the fetches of one consumer cost.
 *
 * @param sessionsOpened fetch sessions that brokers granted
 * @param fullFetches fetches that named every partition
 * @param incrementalFetches fetches that named only what had changed
 * @param requestBytes bytes of fetch requests on the wire
 * @param responseBytes bytes of fetch answers on the wire
 * @param savedBytes bytes that full fetches in place of the incremental ones would have added
 */
public record FetchFigures(
        long sessionsOpened,
        long fullFetches,
        long incrementalFetches,
        long requestBytes,
        long responseBytes,
        long savedBytes) {

    /** The figures of a consumer that has not fetched. */
    public static final FetchFigures NONE = new FetchFigures(0, 0, 0, 0, 0, 0);
}
