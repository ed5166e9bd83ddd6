package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.FetchPosition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far the application has read one partition. Immutable.
 *
 * @param generation the application's generation of the partition
 * @param position the consumed position, or null while it is being looked up
 * @param readiness whether data waits for the application, or why not
 * @param failure what kept the application from taking the next record, or null
 * @param lastRecord the last record that it has read in this generation, as of its last poll
 */
public record LaneView(
        TopicPartition partition,
        long generation,
        @Nullable FetchPosition position,
        LaneReadiness readiness,
        @Nullable Throwable failure,
        LastRecord lastRecord) {}
