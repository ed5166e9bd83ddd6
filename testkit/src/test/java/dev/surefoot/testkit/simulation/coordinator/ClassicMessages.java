package dev.surefoot.testkit.simulation.coordinator;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The requests of members of classic groups, with names for their ids. */
final class ClassicMessages {
    /** Longer than any script takes. */
    static final int LONG_MS = 60_000;

    private ClassicMessages() {}

    /** A join that offers these assignors in order, with timeouts that do not end. */
    static JoinGroupRequestData join(String group, String member, @Nullable String instance, String... assignors) {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        for (String assignor : assignors) {
            protocols.add(
                    new JoinGroupRequestProtocol().setName(assignor).setMetadata(subscription(List.of("a", "b"))));
        }
        return new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGroupInstanceId(instance)
                .setSessionTimeoutMs(LONG_MS)
                .setRebalanceTimeoutMs(LONG_MS)
                .setProtocolType(ConsumerProtocol.PROTOCOL_TYPE)
                .setProtocols(protocols);
    }

    static byte[] subscription(List<String> topics) {
        return bytes(ConsumerProtocol.serializeSubscription(new Subscription(topics)));
    }

    static byte[] assignment(String topic, int... partitions) {
        List<TopicPartition> assigned = Arrays.stream(partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        return bytes(ConsumerProtocol.serializeAssignment(new Assignment(assigned)));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return Utils.toArray(buffer);
    }

    /** A sync of a follower. */
    static SyncGroupRequestData sync(String group, String member, int generation) {
        return sync(group, member, generation, Map.of());
    }

    static SyncGroupRequestData sync(String group, String member, int generation, Map<String, byte[]> assignments) {
        return new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationId(generation)
                .setProtocolType(ConsumerProtocol.PROTOCOL_TYPE)
                .setProtocolName("range")
                .setAssignments(assignments.entrySet().stream()
                        .map(each -> new SyncGroupRequestAssignment()
                                .setMemberId(each.getKey())
                                .setAssignment(each.getValue()))
                        .toList());
    }

    static HeartbeatRequestData heartbeat(String group, String member, int generation) {
        return new HeartbeatRequestData().setGroupId(group).setMemberId(member).setGenerationId(generation);
    }

    static LeaveGroupRequestData leave(String group, String member, @Nullable String instance) {
        return new LeaveGroupRequestData()
                .setGroupId(group)
                .setMembers(List.of(new MemberIdentity().setMemberId(member).setGroupInstanceId(instance)));
    }

    static OffsetCommitRequestData commit(
            String group, String member, int generation, String topic, int partition, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedLeaderEpoch((int) (offset % 7) - 1)
                                .setCommittedMetadata("at " + offset)))));
    }

    /** The same commit by topic id, as since version 10. */
    static OffsetCommitRequestData byId(OffsetCommitRequestData commit, Uuid topicId) {
        OffsetCommitRequestData copy = commit.duplicate();
        copy.topics().forEach(topic -> topic.setName("").setTopicId(topicId));
        return copy;
    }

    /** Asks for these partitions, as before version 8. */
    static OffsetFetchRequestData fetchOfOne(String group, String topic, List<Integer> partitions) {
        return new OffsetFetchRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(partitions)));
    }

    /** Asks for these partitions, as since version 8; by name if there is no topic id. */
    static OffsetFetchRequestData fetch(String group, String topic, Uuid topicId, List<Integer> partitions) {
        return new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                .setName(topic)
                                .setTopicId(topicId)
                                .setPartitionIndexes(partitions)))));
    }

    /** Asks for all partitions, as since version 8. */
    static OffsetFetchRequestData fetchAll(String group) {
        return new OffsetFetchRequestData()
                .setGroups(
                        List.of(new OffsetFetchRequestGroup().setGroupId(group).setTopics(null)));
    }
}
