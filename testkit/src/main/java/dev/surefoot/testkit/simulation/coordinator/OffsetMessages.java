package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.GroupOffsets.NamedTopic;
import dev.surefoot.testkit.simulation.coordinator.GroupOffsets.OffsetToCommit;
import dev.surefoot.testkit.simulation.coordinator.GroupOffsets.PartitionOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Between the messages about offsets, in all their versions, and what they say. */
final class OffsetMessages {
    /** Since this version OffsetFetch asks for several groups. */
    private static final int SEVERAL_GROUPS = 8;
    /** Since this version OffsetFetch has an error for the whole answer. */
    private static final int WHOLE_ERROR = 2;

    private OffsetMessages() {}

    static List<OffsetToCommit> offsets(OffsetCommitRequestData request) {
        List<OffsetToCommit> offsets = new ArrayList<>();
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> offsets.add(new OffsetToCommit(
                                new NamedTopic(topic.name(), topic.topicId()),
                                partition.partitionIndex(),
                                partition.committedOffset(),
                                partition.committedLeaderEpoch(),
                                partition.committedMetadata()))));
        return offsets;
    }

    static List<OffsetToCommit> offsets(TxnOffsetCommitRequestData request) {
        List<OffsetToCommit> offsets = new ArrayList<>();
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> offsets.add(new OffsetToCommit(
                                new NamedTopic(topic.name(), Uuid.ZERO_UUID),
                                partition.partitionIndex(),
                                partition.committedOffset(),
                                partition.committedLeaderEpoch(),
                                partition.committedMetadata()))));
        return offsets;
    }

    static OffsetCommitResponseData commitAnswer(List<PartitionOffset> partitions) {
        OffsetCommitResponseData answer = new OffsetCommitResponseData();
        byTopic(partitions)
                .forEach((topic, each) -> answer.topics()
                        .add(new OffsetCommitResponseTopic()
                                .setName(topic.name())
                                .setTopicId(topic.id())
                                .setPartitions(each.stream()
                                        .map(partition -> new OffsetCommitResponsePartition()
                                                .setPartitionIndex(partition.partition())
                                                .setErrorCode(partition.error().code()))
                                        .toList())));
        return answer;
    }

    static TxnOffsetCommitResponseData transactionalCommitAnswer(List<PartitionOffset> partitions) {
        TxnOffsetCommitResponseData answer = new TxnOffsetCommitResponseData();
        byTopic(partitions)
                .forEach((topic, each) -> answer.topics()
                        .add(new TxnOffsetCommitResponseTopic()
                                .setName(topic.name())
                                .setPartitions(each.stream()
                                        .map(partition -> new TxnOffsetCommitResponsePartition()
                                                .setPartitionIndex(partition.partition())
                                                .setErrorCode(partition.error().code()))
                                        .toList())));
        return answer;
    }

    /** The same error for each partition of a commit. */
    static List<PartitionOffset> refused(List<OffsetToCommit> offsets, Errors error) {
        return offsets.stream()
                .map(offset -> new PartitionOffset(offset.topic(), offset.partition(), error, null))
                .toList();
    }

    private static Map<NamedTopic, List<PartitionOffset>> byTopic(List<PartitionOffset> partitions) {
        Map<NamedTopic, List<PartitionOffset>> byTopic = new LinkedHashMap<>();
        partitions.forEach(partition -> byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(partition));
        return byTopic;
    }

    // OffsetFetch: inside the model every request is one of the newest form.

    /** What a request of any version asks for. */
    static List<OffsetFetchRequestGroup> groups(OffsetFetchRequestData request, int version) {
        if (version >= SEVERAL_GROUPS) {
            return request.groups();
        }
        OffsetFetchRequestGroup group =
                new OffsetFetchRequestGroup().setGroupId(request.groupId()).setMemberEpoch(-1);
        if (request.topics() == null) {
            return List.of(group.setTopics(null));
        }
        return List.of(group.setTopics(request.topics().stream()
                .map(topic -> new OffsetFetchRequestTopics()
                        .setName(topic.name())
                        .setPartitionIndexes(topic.partitionIndexes()))
                .toList()));
    }

    static OffsetFetchResponseGroup fetchAnswer(String groupId, List<PartitionOffset> partitions) {
        OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup().setGroupId(groupId);
        byTopic(partitions)
                .forEach((topic, each) -> answer.topics()
                        .add(new OffsetFetchResponseTopics()
                                .setName(topic.name())
                                .setTopicId(topic.id())
                                .setPartitions(each.stream()
                                        .map(OffsetMessages::fetched)
                                        .toList())));
        return answer;
    }

    private static OffsetFetchResponsePartitions fetched(PartitionOffset partition) {
        StoredOffset stored = partition.stored();
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(partition.partition())
                .setErrorCode(partition.error().code())
                .setCommittedOffset(stored == null ? -1 : stored.offset())
                .setCommittedLeaderEpoch(stored == null ? -1 : stored.leaderEpoch())
                .setMetadata(stored == null ? "" : stored.metadata());
    }

    static OffsetFetchResponseGroup fetchRefused(OffsetFetchRequestGroup group, Errors error, int version) {
        OffsetFetchResponseGroup answer =
                new OffsetFetchResponseGroup().setGroupId(group.groupId()).setErrorCode(error.code());
        if (version < WHOLE_ERROR) {
            group.topics()
                    .forEach(topic -> answer.topics()
                            .add(new OffsetFetchResponseTopics()
                                    .setName(topic.name())
                                    .setPartitions(topic.partitionIndexes().stream()
                                            .map(index -> new OffsetFetchResponsePartitions()
                                                    .setPartitionIndex(index)
                                                    .setErrorCode(error.code())
                                                    .setCommittedOffset(-1)
                                                    .setCommittedLeaderEpoch(-1)
                                                    .setMetadata(""))
                                            .toList())));
        }
        return answer;
    }

    /** An answer in the form of the version that was asked with. */
    static OffsetFetchResponseData fetchAnswer(List<OffsetFetchResponseGroup> groups, int version) {
        if (version >= SEVERAL_GROUPS) {
            return new OffsetFetchResponseData().setGroups(groups);
        }
        OffsetFetchResponseGroup group = groups.get(0);
        OffsetFetchResponseData answer = new OffsetFetchResponseData();
        if (version >= WHOLE_ERROR) {
            answer.setErrorCode(group.errorCode());
        }
        return answer.setTopics(group.topics().stream()
                .map(topic -> new OffsetFetchResponseTopic()
                        .setName(topic.name())
                        .setPartitions(topic.partitions().stream()
                                .map(partition -> new OffsetFetchResponsePartition()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(partition.errorCode())
                                        .setCommittedOffset(partition.committedOffset())
                                        .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                                        .setMetadata(partition.metadata()))
                                .toList()))
                .toList());
    }
}
