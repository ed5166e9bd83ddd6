package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** OffsetCommit, with topics by their ids where all of them are known, otherwise by their names. */
final class OffsetCommitApi implements BrokerApi<OffsetCommitRequest, OffsetCommitResponse> {
    private static final TopicIdField TOPIC_ID =
            new TopicIdField(OffsetCommitRequestTopic.class, OffsetCommitResponseTopic.class);

    private static final short FIRST_WITH_LEADER_EPOCH = 6;
    private static final short FIRST_WITH_INSTANCE_ID = 7;
    private static final int UNKNOWN_EPOCH = -1;

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public short version(OffsetCommitRequest request, NegotiatedVersions versions) {
        return TOPIC_ID.version(
                versions.highest(ApiKeys.OFFSET_COMMIT),
                request.topicIds(),
                request.offsets().keySet());
    }

    @Override
    public RequestBody body(OffsetCommitRequest request, WireSettings settings, short version) {
        Map<String, OffsetCommitRequestTopic> topics = new LinkedHashMap<>();
        request.offsets().forEach((partition, committed) -> {
            OffsetCommitRequestPartition offset = new OffsetCommitRequestPartition()
                    .setPartitionIndex(partition.partition())
                    .setCommittedOffset(committed.offset())
                    .setCommittedMetadata(committed.metadata());
            if (version >= FIRST_WITH_LEADER_EPOCH) {
                offset.setCommittedLeaderEpoch(committed.leaderEpoch().orElse(UNKNOWN_EPOCH));
            }
            topics.computeIfAbsent(partition.topic(), name -> topic(name, request.topicIds(), version))
                    .partitions()
                    .add(offset);
        });
        OffsetCommitRequestData data = new OffsetCommitRequestData()
                .setGroupId(request.identity().groupId())
                .setMemberId(request.identity().memberId())
                .setGenerationIdOrMemberEpoch(request.identity().epoch())
                .setTopics(new ArrayList<>(topics.values()));
        if (version >= FIRST_WITH_INSTANCE_ID) {
            data.setGroupInstanceId(request.identity().instanceId());
        }
        return RequestBody.of(data, version);
    }

    private static OffsetCommitRequestTopic topic(String name, Map<String, Uuid> topicIds, short version) {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic();
        if (version <= TopicIdField.LAST_BY_NAME) {
            return topic.setName(name);
        }
        TOPIC_ID.set(topic, topicIds.getOrDefault(name, Uuid.ZERO_UUID));
        return topic;
    }

    @Override
    public OffsetCommitResponse read(OffsetCommitRequest request, Response response) {
        OffsetCommitResponseData data = new OffsetCommitResponseData(response.readable(), response.version());
        Map<TopicPartition, Stored> stored = new LinkedHashMap<>();
        Map<Uuid, String> names = TopicIdField.names(request.topicIds());
        for (var topic : data.topics()) {
            String name = response.version() <= TopicIdField.LAST_BY_NAME
                    ? topic.name()
                    : TopicIdField.name(names, TOPIC_ID.get(topic));
            for (var partition : topic.partitions()) {
                stored.put(
                        new TopicPartition(name, partition.partitionIndex()),
                        new Stored(BrokerError.forCode(partition.errorCode()), partition.errorCode()));
            }
        }
        return new OffsetCommitResponse(data.throttleTimeMs(), stored);
    }
}
