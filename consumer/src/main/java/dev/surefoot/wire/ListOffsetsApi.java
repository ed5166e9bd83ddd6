package dev.surefoot.wire;

import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ListOffsets. */
final class ListOffsetsApi implements BrokerApi<ListOffsetsRequest, ListOffsetsResponse> {
    /** The first version that knows where a local log begins (KIP-405); before, it would be taken for a time. */
    private static final short WITH_LOCAL_START = 8;

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public short version(ListOffsetsRequest request, NegotiatedVersions versions) {
        boolean asksForLocalStart = request.query().partitions().values().stream()
                .anyMatch(at -> at.timestamp() == ListOffsetsQuery.EARLIEST_LOCAL);
        return asksForLocalStart
                ? versions.highest(ApiKeys.LIST_OFFSETS, WITH_LOCAL_START)
                : versions.highest(ApiKeys.LIST_OFFSETS);
    }

    @Override
    public RequestBody body(ListOffsetsRequest request, WireSettings settings, short version) {
        return RequestBody.of(data(request.query(), settings.requestTimeoutMs()), version);
    }

    private static ListOffsetsRequestData data(ListOffsetsQuery query, int requestTimeoutMs) {
        Map<String, ListOffsetsTopic> topics = new LinkedHashMap<>();
        query.partitions()
                .forEach((partition, at) -> topics.computeIfAbsent(
                                partition.topic(), name -> new ListOffsetsTopic().setName(name))
                        .partitions()
                        .add(new ListOffsetsPartition()
                                .setPartitionIndex(partition.partition())
                                .setCurrentLeaderEpoch(at.currentLeaderEpoch())
                                .setTimestamp(at.timestamp())));
        IsolationLevel isolation =
                query.readCommitted() ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
        return new ListOffsetsRequestData()
                .setReplicaId(WireSettings.CONSUMER_REPLICA_ID)
                .setIsolationLevel(isolation.id())
                .setTimeoutMs(requestTimeoutMs)
                .setTopics(new ArrayList<>(topics.values()));
    }

    @Override
    public ListOffsetsResponse read(ListOffsetsRequest request, Response response) {
        ListOffsetsResponseData data = new ListOffsetsResponseData(response.readable(), response.version());
        Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> found = new LinkedHashMap<>();
        for (var topic : data.topics()) {
            for (var partition : topic.partitions()) {
                found.put(
                        new TopicPartition(topic.name(), partition.partitionIndex()),
                        new ListOffsetsAnswer.PartitionOffset(
                                BrokerError.forCode(partition.errorCode()),
                                partition.offset(),
                                partition.timestamp(),
                                partition.leaderEpoch(),
                                partition.errorCode()));
            }
        }
        return new ListOffsetsResponse(new ListOffsetsAnswer(data.throttleTimeMs(), found));
    }
}
