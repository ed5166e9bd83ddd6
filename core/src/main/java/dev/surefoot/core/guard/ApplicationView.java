package dev.surefoot.core.guard;

import dev.surefoot.core.delivery.LaneReadiness;
import dev.surefoot.core.delivery.LastRecord;
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
     * How far the application has read a partition. Immutable, and small: there is one for each partition.
     *
     * @param generation the application's generation of the partition
     * @param offset the consumed position, or -1 while it is being looked up
     * @param readiness whether data waits for the application, or why not
     * @param failure what kept the application from taking the next record, or null
     * @param lastRecord the last record that it has read in this generation
     * @param advances how many times the position has moved by reading in this generation
     * @param records how many records it has taken since the partition was assigned
     */
    record Reading(
            long generation,
            long offset,
            LaneReadiness readiness,
            @Nullable Throwable failure,
            LastRecord lastRecord,
            long advances,
            long records) {}

    /** Whether the application is in poll. */
    boolean isInPoll();

    /** How many times it has entered or left poll. */
    long crossings();

    /** How many records in a row its deserializers have refused, of any partitions, with none taken between them. */
    default int refusals() {
        return 0;
    }

    /** How far it has read the partition, or null if nothing is known of that. */
    @Nullable Reading reading(TopicPartition partition);
}
