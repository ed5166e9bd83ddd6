package dev.surefoot.testkit.simulation.coordinator;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a KIP-848 group has said about itself.
 *
 * @param rebalanceTimeoutMs how long it may take to give partitions up; -1 before it said so
 * @param topicNames the topics it subscribes to by name
 * @param topicRegex the regular expression it subscribes to; empty for none
 * @param assignor the server-side assignor it prefers; null for any
 */
public record MemberMetadata(
        @Nullable String instanceId,
        @Nullable String rackId,
        int rebalanceTimeoutMs,
        SortedSet<String> topicNames,
        String topicRegex,
        @Nullable String assignor) {
    static final MemberMetadata NONE = new MemberMetadata(null, null, -1, Collections.emptySortedSet(), "", null);

    /** The same with all that a heartbeat says; what it leaves out stays. */
    MemberMetadata updatedBy(ConsumerGroupHeartbeatRequestData heartbeat) {
        List<String> names = heartbeat.subscribedTopicNames();
        return new MemberMetadata(
                heartbeat.instanceId() == null ? instanceId : heartbeat.instanceId(),
                heartbeat.rackId() == null ? rackId : heartbeat.rackId(),
                heartbeat.rebalanceTimeoutMs() == -1 ? rebalanceTimeoutMs : heartbeat.rebalanceTimeoutMs(),
                names == null ? topicNames : Collections.unmodifiableSortedSet(new TreeSet<>(names)),
                heartbeat.subscribedTopicRegex() == null ? topicRegex : heartbeat.subscribedTopicRegex(),
                heartbeat.serverAssignor() == null ? assignor : heartbeat.serverAssignor());
    }
}
