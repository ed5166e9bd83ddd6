package dev.surefoot.testkit.simulation.check;

/**
 * How long a member of the consumer protocol has been giving up what the coordinator wants back. A coordinator removes
 * a member that takes longer than {@code max.poll.interval.ms}; the member takes itself for removed a little earlier,
 * as its word of the end needs time to arrive.
 */
final class RevocationTime {
    private static final long NONE = Long.MAX_VALUE;
    /** The word of the end is on its way for this part of the time, but no longer than the maximum. */
    private static final int WAY_PART = 10;

    private static final long WAY_NANOS_MAX = 1_000_000_000L;

    private long sinceNanos = NONE;

    /** An answer wants partitions back; its heartbeat was sent at {@code sentNanos}. */
    void begin(long sentNanos) {
        if (sinceNanos == NONE) {
            sinceNanos = sentNanos;
        }
    }

    /** The coordinator is being told that they are given up, or wants them back no more. */
    void end() {
        sinceNanos = NONE;
    }

    /** Whether the member may take itself for removed. */
    boolean isOver(long nowNanos, long maxPollNanos) {
        long mostNanos = maxPollNanos - Math.min(maxPollNanos / WAY_PART, WAY_NANOS_MAX);
        return sinceNanos != NONE && nowNanos - sinceNanos >= mostNanos;
    }
}
