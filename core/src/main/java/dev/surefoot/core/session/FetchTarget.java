package dev.surefoot.core.session;

/**
 * The per-partition fields of a Fetch request. A session sends them again only when one of them differs from what the
 * broker was told.
 *
 * @param fetchOffset the offset to fetch from, 0 or more
 * @param currentLeaderEpoch the newest leader epoch that the client knows, for fencing (KIP-320), or -1 when unknown
 * @param lastFetchedEpoch the leader epoch of the last record fetched, by which the broker detects truncation
 *     (KIP-595), or -1 when unknown
 * @param maxBytes the most bytes of records to return for this partition; the first batch may exceed it (KIP-74)
 */
public record FetchTarget(long fetchOffset, int currentLeaderEpoch, int lastFetchedEpoch, int maxBytes) {
    /** Stands for a leader epoch that is not known. */
    public static final int NO_EPOCH = -1;

    public FetchTarget {
        if (fetchOffset < 0) {
            throw new IllegalArgumentException("fetch offset must not be negative, got " + fetchOffset);
        }
    }
}
