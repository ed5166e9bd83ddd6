package dev.surefoot.core.guard;

import dev.surefoot.progress.Severity;

/**
 * What one look at a partition, or at a consumer without partitions, has shown. Times are nanoseconds of the loop's
 * clock. Immutable.
 *
 * @param position the next offset that the application reads, or -1
 * @param movedNanos when the subject's patience began anew
 * @param causeNanos since when the cause holds
 * @param stillNanos since when there is trouble without progress
 */
record Sight(
        Subject subject,
        Conclusion conclusion,
        Severity severity,
        long position,
        long movedNanos,
        long causeNanos,
        long stillNanos) {
    boolean isStall() {
        return severity.compareTo(Severity.STALLED) >= 0;
    }
}
