package dev.surefoot.core.handover;

import java.util.OptionalLong;

/**
 * How far a partition's log reaches, as a broker last said.
 *
 * @param highWatermark the offset behind the last replicated record, or -1 when not known
 * @param lastStableOffset the offset below which no transaction is open, or -1 when not known
 * @param logStartOffset the first offset that is still there, or -1 when not known
 */
public record Watermarks(long highWatermark, long lastStableOffset, long logStartOffset) {
    public static final Watermarks UNKNOWN = new Watermarks(-1, -1, -1);

    /**
     * How far a position is behind the end of what may be read, or nothing while that end is not known.
     *
     * @param readCommitted whether the last stable offset is the end, rather than the high watermark
     */
    public OptionalLong lag(FetchPosition position, boolean readCommitted) {
        long end = readCommitted ? lastStableOffset : highWatermark;
        return end < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, end - position.offset()));
    }

    /** How far a position is ahead of the log's first offset, or nothing while that is not known. */
    public OptionalLong lead(FetchPosition position) {
        return logStartOffset < 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, position.offset() - logStartOffset));
    }
}
