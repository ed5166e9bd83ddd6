package dev.surefoot.core.handover;

import org.apache.kafka.common.Uuid;

/**
 * Where a lane that was emptied wants to go on.
 *
 * @param generation the lane's new generation
 * @param topicId the topic that it is a position in, or zero for that of the beginning of the generation before; the
 *     name may stand for another one by now
 */
public record Yielded(long generation, FetchPosition position, Uuid topicId) {}
