package dev.surefoot.core.handover;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the leader's assignor says to one member through SyncGroup: ConsumerProtocolAssignment of the protocol.
 *
 * @param userData of the assignor, or null; not to be moved by its readers
 */
public record MemberAssignment(
        List<TopicPartition> partitions, @Nullable ByteBuffer userData) {}
