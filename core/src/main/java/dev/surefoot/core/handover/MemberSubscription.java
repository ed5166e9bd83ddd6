package dev.surefoot.core.handover;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What one member says to the leader's assignor in its JoinGroup: ConsumerProtocolSubscription of the protocol.
 *
 * @param topics the topics subscribed to, sorted
 * @param userData of the assignor, or null; not to be moved by its readers
 * @param owned the partitions that the member owns and may go on with, sorted (KIP-429)
 * @param generation the last generation in which the member was synced, or -1 (KIP-792)
 * @param rackId where the member is, or null (KIP-881)
 * @param instanceId the {@code group.instance.id} of a static member, or null
 */
public record MemberSubscription(
        List<String> topics,
        @Nullable ByteBuffer userData,
        List<TopicPartition> owned,
        int generation,
        @Nullable String rackId,
        @Nullable String instanceId) {}
