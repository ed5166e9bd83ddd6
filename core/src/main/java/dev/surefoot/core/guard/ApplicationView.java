package dev.surefoot.core.guard;

import dev.surefoot.core.delivery.LaneReadiness;
import dev.surefoot.core.delivery.LaneView;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the application's thread does, as of its last call. Read by the loop's thread. It has no times, so that the
 * application's thread need not read the clock for it: the guard notes when it sees a change.
 */
public interface ApplicationView {
    /** An application of which nothing is known. */
    ApplicationView UNKNOWN = new ApplicationView() {
        @Override
        public boolean isInPoll() {
            return false;
        }

        @Override
        public long crossings() {
            return 0;
        }

        @Override
        public @Nullable Reading reading(TopicPartition partition) {
            return null;
        }
    };

    /**
     * How far the application has read a partition.
     *
     * @param advances how many times the position has moved by reading in the lane's generation
     */
    record Reading(LaneView lane, long advances) {
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

    /** How many times it has entered or left poll. */
    long crossings();

    /** How far it has read the partition, or null if nothing is known of that. */
    @Nullable Reading reading(TopicPartition partition);
}
