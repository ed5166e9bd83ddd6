package dev.surefoot.core.guard;

import dev.surefoot.core.delivery.LaneReadiness;
import dev.surefoot.core.delivery.LaneView;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the application's thread does, as of its last call. Read by the loop's thread. */
public interface ApplicationView {
    /** An application of which nothing is known. */
    ApplicationView UNKNOWN = new ApplicationView() {
        @Override
        public boolean isInPoll() {
            return false;
        }

        @Override
        public long sinceNanos() {
            return Long.MIN_VALUE;
        }

        @Override
        public @Nullable Reading reading(TopicPartition partition) {
            return null;
        }
    };

    /**
     * How far the application has read a partition.
     *
     * @param advancedNanos when the position moved by reading, in nanoseconds of the loop's clock; {@link
     *     Long#MIN_VALUE} if it has not
     */
    record Reading(LaneView lane, long advancedNanos) {
        /** The consumed position, or -1 while it is being looked up. */
        long offset() {
            return lane.position() == null ? -1 : lane.position().offset();
        }

        LaneReadiness readiness() {
            return lane.readiness();
        }
    }

    /** Whether the application is in poll. */
    boolean isInPoll();

    /**
     * When it entered or left poll, in nanoseconds of the loop's clock; {@link Long#MIN_VALUE} before its first poll.
     */
    long sinceNanos();

    /** How far it has read the partition, or null if nothing is known of that. */
    @Nullable Reading reading(TopicPartition partition);
}
