package dev.surefoot.core.guard;

import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The loop's half of what readers see of a partition. Times are nanoseconds of the loop's clock, {@link Long#MIN_VALUE}
 * for one that has not come. Immutable.
 *
 * @param generation the application's generation of the partition
 * @param fetchOffset the fetch position, or -1
 * @param told where the log ends, and how that is known
 * @param mentionedNanos when a broker has named the partition last
 * @param movedNanos when the partition's patience began anew: by progress, a seek, a new leader and the like
 * @param caughtUpNanos when a look last saw that all was read
 * @param fetchedFrom the broker that it is fetched from, or -1
 * @param causeNanos since when the cause holds
 * @param hidden a further cause that this one masks, or null
 */
public record Finding(
        TopicPartition partition,
        long generation,
        long fetchOffset,
        Told told,
        long mentionedNanos,
        long movedNanos,
        long caughtUpNanos,
        int fetchedFrom,
        Speed speed,
        StallCause cause,
        Severity severity,
        Scope scope,
        long causeNanos,
        Evidence evidence,
        @Nullable StallCause hidden) {

    /**
     * Where the log ends.
     *
     * @param nodeId the broker that told it, or -1
     * @param follower whether that is a follower (KIP-392)
     * @param atNanos when it was told, in nanoseconds of the loop's clock
     * @param standsUntilNanos until when it holds if nothing more is heard; {@link Long#MIN_VALUE} if it does not
     */
    public record Told(Watermarks watermarks, int nodeId, boolean follower, long atNanos, long standsUntilNanos) {
        /** Whether it holds at this time, if nothing more was heard. */
        public boolean stands(long nowNanos) {
            return nowNanos <= standsUntilNanos;
        }
    }

    /** Averages in offsets per second, over about 10 and 300 seconds: of the readable end, and of the application. */
    public record Speed(double in10, double out10, double in300, double out300) {}
}
