package dev.surefoot.wire;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** OffsetForLeaderEpoch (KIP-320). */
final class OffsetForLeaderEpochApi implements BrokerApi<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> {
    /** Older versions require CLUSTER permission, which a consumer seldom has (KIP-320). */
    private static final short LOWEST_VERSION = 3;

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public short version(OffsetForLeaderEpochRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.OFFSET_FOR_LEADER_EPOCH, LOWEST_VERSION);
    }

    @Override
    public RequestBody body(OffsetForLeaderEpochRequest request, WireSettings settings, short version) {
        return RequestBody.of(data(request.query()), version);
    }

    private static OffsetForLeaderEpochRequestData data(OffsetForLeaderEpochQuery query) {
        Map<String, OffsetForLeaderTopic> topics = new LinkedHashMap<>();
        query.partitions()
                .forEach((partition, of) -> topics.computeIfAbsent(
                                partition.topic(), name -> new OffsetForLeaderTopic().setTopic(name))
                        .partitions()
                        .add(new OffsetForLeaderPartition()
                                .setPartition(partition.partition())
                                .setCurrentLeaderEpoch(of.currentLeaderEpoch())
                                .setLeaderEpoch(of.leaderEpoch())));
        OffsetForLeaderEpochRequestData data =
                new OffsetForLeaderEpochRequestData().setReplicaId(WireSettings.CONSUMER_REPLICA_ID);
        // Declared as a Collection: the class that declares the {@code add} of its own class has moved within Kafka.
        Collection<OffsetForLeaderTopic> asked = data.topics();
        asked.addAll(topics.values());
        return data;
    }

    @Override
    public OffsetForLeaderEpochResponse read(OffsetForLeaderEpochRequest request, Response response) {
        OffsetForLeaderEpochResponseData data =
                new OffsetForLeaderEpochResponseData(response.readable(), response.version());
        Map<TopicPartition, OffsetForLeaderEpochAnswer.EpochEndOffset> ends = new LinkedHashMap<>();
        for (var topic : data.topics()) {
            for (var partition : topic.partitions()) {
                ends.put(
                        new TopicPartition(topic.topic(), partition.partition()),
                        new OffsetForLeaderEpochAnswer.EpochEndOffset(
                                BrokerError.forCode(partition.errorCode()),
                                partition.leaderEpoch(),
                                partition.endOffset(),
                                partition.errorCode()));
            }
        }
        return new OffsetForLeaderEpochResponse(new OffsetForLeaderEpochAnswer(data.throttleTimeMs(), ends));
    }
}
