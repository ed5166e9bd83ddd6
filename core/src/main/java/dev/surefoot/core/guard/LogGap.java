package dev.surefoot.core.guard;

/**
 * From where on a partition's log had no records when a broker answered last, though it may end further on: compaction
 * has left nothing there, or the records did not fit into the answer. Owned by the loop's thread.
 */
final class LogGap {
    private long offset = -1;
    /** Whether nothing else was in the answer either, and nobody has told of the log since. */
    private boolean alone;

    /**
     * An answer had no records for an offset.
     *
     * @param isAlone whether it had none of other partitions either: a broker sends one batch at least if there is any
     *     (KIP-74), but for what is in remote storage
     */
    void seen(long at, boolean isAlone) {
        offset = at;
        alone = isAlone;
    }

    /** Another answer has come, or the partition is of another topic. */
    void forget() {
        offset = -1;
    }

    /** The log may be another one since, or longer. */
    void doubt() {
        alone = false;
    }

    /** Whether the last answer had no records for this offset. */
    boolean isAt(long fetchOffset) {
        return fetchOffset >= 0 && offset == fetchOffset;
    }

    /** Whether there was nothing from this offset to the end. */
    boolean reaches(long fetchOffset, long end) {
        return alone && isAt(fetchOffset) && fetchOffset < end;
    }
}
