package dev.surefoot.core.guard;

import dev.surefoot.core.handover.Watermarks;
import org.apache.kafka.common.Uuid;

/**
 * What brokers have told of a partition's log under a topic id that the name has no more, as far as metadata says. A
 * broker whose metadata is old names an old id for a moment, and a session does not repeat what it has told.
 *
 * @param nodeId the broker that has named the partition last, or -1
 * @param follower whether a follower told the end of the log last
 * @param toldNanos when the broker was asked that told the end of the log last, in nanoseconds of the loop's clock, or
 *     {@link PartitionLedger#NEVER}
 * @param mentionedNanos when a broker named the partition last, in nanoseconds of the loop's clock, or {@link
 *     PartitionLedger#NEVER}
 */
record ToldOfTopic(
        Uuid topicId, Watermarks watermarks, int nodeId, boolean follower, long toldNanos, long mentionedNanos) {
    static ToldOfTopic nothing(Uuid topicId) {
        return new ToldOfTopic(topicId, Watermarks.UNKNOWN, -1, false, PartitionLedger.NEVER, PartitionLedger.NEVER);
    }
}
