package dev.surefoot.core.fetch;

/**
 * How far a partition's log reaches, as a broker last said.
 *
 * @param highWatermark the offset behind the last replicated record, or -1 when not known
 * @param lastStableOffset the offset below which no transaction is open, or -1 when not known
 * @param logStartOffset the first offset that is still there, or -1 when not known
 */
public record Watermarks(long highWatermark, long lastStableOffset, long logStartOffset) {
    public static final Watermarks UNKNOWN = new Watermarks(-1, -1, -1);
}
