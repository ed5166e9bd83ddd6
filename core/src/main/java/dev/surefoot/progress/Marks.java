package dev.surefoot.progress;

/**
 * The offsets by which a cause was named; each is -1 while it is not known.
 *
 * @param position the next offset that the application reads
 * @param fetchPosition the next offset to fetch, {@code position} or above
 * @param highWatermark the offset after the last replicated record, as a broker told last
 * @param lastStableOffset the offset below which no transaction is open, as a broker told last
 * @param logStart the first offset that the log has, as a broker told last
 * @param nodeId the broker that is fetched from
 * @param ageMs milliseconds since a broker told these offsets
 */
public record Marks(
        long position,
        long fetchPosition,
        long highWatermark,
        long lastStableOffset,
        long logStart,
        int nodeId,
        long ageMs) {
    /** Nothing is known. */
    public static final Marks UNKNOWN = new Marks(-1, -1, -1, -1, -1, -1, -1);
}
