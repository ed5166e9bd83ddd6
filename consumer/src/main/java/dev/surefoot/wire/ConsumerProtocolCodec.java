package dev.surefoot.wire;

import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.jspecify.annotations.Nullable;

/**
 * What members of a group say to each other through the coordinator, which does not read it: the version in two bytes,
 * then a message in that version. A version that is newer than the newest one known here is read as that one, as newer
 * versions only add fields at the end.
 */
final class ConsumerProtocolCodec {
    private static final short VERSION = 3;

    private ConsumerProtocolCodec() {}

    /** @param subscription its topics and partitions are written in their order */
    static ByteBuffer write(MemberSubscription subscription) {
        ConsumerProtocolSubscription message = new ConsumerProtocolSubscription()
                .setTopics(subscription.topics())
                .setUserData(copy(subscription.userData()))
                .setGenerationId(subscription.generation())
                .setRackId(subscription.rackId());
        Collection<ConsumerProtocolSubscription.TopicPartition> owned = message.ownedPartitions();
        byTopic(subscription.owned())
                .forEach((topic, partitions) -> owned.add(new ConsumerProtocolSubscription.TopicPartition()
                        .setTopic(topic)
                        .setPartitions(partitions)));
        return write(message);
    }

    static ByteBuffer write(MemberAssignment assignment) {
        ConsumerProtocolAssignment message = new ConsumerProtocolAssignment().setUserData(copy(assignment.userData()));
        Collection<ConsumerProtocolAssignment.TopicPartition> assigned = message.assignedPartitions();
        byTopic(assignment.partitions())
                .forEach((topic, partitions) -> assigned.add(new ConsumerProtocolAssignment.TopicPartition()
                        .setTopic(topic)
                        .setPartitions(partitions)));
        return write(message);
    }

    private static ByteBuffer write(Message message) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES + message.size(cache, VERSION));
        bytes.putShort(VERSION);
        message.write(new ByteBufferAccessor(bytes), cache, VERSION);
        return bytes.flip();
    }

    private static Map<String, List<Integer>> byTopic(List<TopicPartition> partitions) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        partitions.forEach(partition -> topics.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(partition.partition()));
        topics.values().forEach(numbers -> numbers.sort(null));
        return topics;
    }

    /** @throws MalformedResponseException if the bytes are no subscription */
    static MemberSubscription readSubscription(byte[] bytes, @Nullable String instanceId) {
        try {
            return subscription(bytes, instanceId);
        } catch (MalformedResponseException e) {
            throw e;
        } catch (RuntimeException e) {
            throw malformed("subscription", e);
        }
    }

    private static MemberSubscription subscription(byte[] bytes, @Nullable String instanceId) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        short version = version(buffer, ConsumerProtocolSubscription.HIGHEST_SUPPORTED_VERSION);
        ConsumerProtocolSubscription message =
                new ConsumerProtocolSubscription(new ByteBufferAccessor(buffer), version);
        List<TopicPartition> owned = new ArrayList<>();
        for (var topic : message.ownedPartitions()) {
            topic.partitions().forEach(partition -> owned.add(new TopicPartition(topic.topic(), partition)));
        }
        return new MemberSubscription(
                List.copyOf(message.topics()),
                copy(message.userData()),
                List.copyOf(owned),
                message.generationId(),
                message.rackId(),
                instanceId);
    }

    /**
     * Reads what SyncGroup brings; no bytes at all are an assignment of nothing.
     *
     * @throws MalformedResponseException if the bytes are no assignment
     */
    static MemberAssignment readAssignment(byte[] bytes) {
        if (bytes.length == 0) {
            return new MemberAssignment(List.of(), null);
        }
        try {
            return assignment(bytes);
        } catch (MalformedResponseException e) {
            throw e;
        } catch (RuntimeException e) {
            throw malformed("assignment", e);
        }
    }

    private static MemberAssignment assignment(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        short version = version(buffer, ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION);
        ConsumerProtocolAssignment message = new ConsumerProtocolAssignment(new ByteBufferAccessor(buffer), version);
        List<TopicPartition> assigned = new ArrayList<>();
        for (var topic : message.assignedPartitions()) {
            topic.partitions().forEach(partition -> assigned.add(new TopicPartition(topic.topic(), partition)));
        }
        return new MemberAssignment(List.copyOf(assigned), copy(message.userData()));
    }

    /** Generated messages throw any RuntimeException for bad bytes. */
    private static MalformedResponseException malformed(String what, RuntimeException cause) {
        return new MalformedResponseException(
                "the " + what + " of a member of the group cannot be read: " + cause.getMessage(), cause);
    }

    private static short version(ByteBuffer bytes, short highest) {
        short version = bytes.remaining() < Short.BYTES ? -1 : bytes.getShort();
        if (version < 0) {
            throw new MalformedResponseException("no version in what a member of the group says");
        }
        return (short) Math.min(version, highest);
    }

    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : bytes.duplicate();
    }
}
