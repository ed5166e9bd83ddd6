package dev.surefoot.core.handover;

import org.apache.kafka.common.Uuid;

/**
 * The position at which a lane that was emptied continues.
 *
 * @param generation the lane's new generation
 * @param topicId the id of the topic that the position belongs to, or {@link org.apache.kafka.common.Uuid#ZERO_UUID}
 *     for the topic of the previous generation's first position. The topic may have been recreated since
 * @param overNewConnection whether the connection that the data came over is suspected to have damaged it
 */
public record Yielded(long generation, FetchPosition position, Uuid topicId, boolean overNewConnection) {
    /** Where a lane continues whose data was sound. */
    public Yielded(long generation, FetchPosition position, Uuid topicId) {
        this(generation, position, topicId, false);
    }
}
