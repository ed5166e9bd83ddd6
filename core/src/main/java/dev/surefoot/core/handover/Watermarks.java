package dev.surefoot.core.handover;

import java.util.OptionalLong;

/**
 * The bounds of a partition's log in a broker's last answer. Immutable.
 *
 * @param highWatermark the offset after the last replicated record, or -1 when not known
 * @param lastStableOffset the offset below which no transaction is open, or -1 when not known
 * @param logStartOffset the first offset that the log still has, or -1 when not known
 */
public record Watermarks(long highWatermark, long lastStableOffset, long logStartOffset) {
    /** The bounds of a log of which nothing is known. */
    public static final Watermarks UNKNOWN = new Watermarks(-1, -1, -1);

    /**
     * The end of what may be read, or -1 while it is not known.
     *
     * @param readCommitted whether it is the last stable offset rather than the high watermark
     */
    public long end(boolean readCommitted) {
        return readCommitted ? lastStableOffset : highWatermark;
    }

    /**
     * The offsets from the position to the end of the readable log, 0 or more; empty while that end is not known.
     *
     * @param readCommitted whether the end is the last stable offset rather than the high watermark
     */
    public OptionalLong lag(FetchPosition position, boolean readCommitted) {
        return lag(position.offset(), readCommitted);
    }

    /**
     * The same for a position that may be unknown.
     *
     * @param offset the position, or -1 if it is not known, and the lag neither
     */
    public OptionalLong lag(long offset, boolean readCommitted) {
        long end = end(readCommitted);
        return end < 0 || offset < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, end - offset));
    }

    /**
     * The offsets from the log's first offset to the position, 0 or more; empty while the first offset is not known.
     */
    public OptionalLong lead(FetchPosition position) {
        return logStartOffset < 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, position.offset() - logStartOffset));
    }
}
