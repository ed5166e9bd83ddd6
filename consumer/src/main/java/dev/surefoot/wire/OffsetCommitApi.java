package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** OffsetCommit, with topics by their names. */
final class OffsetCommitApi implements BrokerApi<OffsetCommitRequest, OffsetCommitResponse> {
    /** The last version that names topics by name; the generated classes of older kafka-clients know no later one. */
    private static final short LAST_BY_NAME = 9;

    private static final short FIRST_WITH_LEADER_EPOCH = 6;
    private static final short FIRST_WITH_INSTANCE_ID = 7;
    private static final int UNKNOWN_EPOCH = -1;

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public short version(OffsetCommitRequest request, NegotiatedVersions versions) {
        return (short) Math.min(LAST_BY_NAME, versions.highest(ApiKeys.OFFSET_COMMIT));
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
            topics.computeIfAbsent(partition.topic(), name -> new OffsetCommitRequestTopic().setName(name))
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

    @Override
    public OffsetCommitResponse read(Response response) {
        OffsetCommitResponseData data = new OffsetCommitResponseData(response.readable(), response.version());
        Map<TopicPartition, Stored> stored = new LinkedHashMap<>();
        for (var topic : data.topics()) {
            for (var partition : topic.partitions()) {
                stored.put(
                        new TopicPartition(topic.name(), partition.partitionIndex()),
                        new Stored(BrokerError.forCode(partition.errorCode()), partition.errorCode()));
            }
        }
        return new OffsetCommitResponse(data.throttleTimeMs(), stored);
    }
}
