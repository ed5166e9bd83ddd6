package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;

/** OffsetFetch, with topics by their ids where all of them are known, otherwise by their names. */
final class OffsetFetchApi implements BrokerApi<OffsetFetchRequest, OffsetFetchResponse> {
    private static final TopicIdField TOPIC_ID =
            new TopicIdField(OffsetFetchRequestTopics.class, OffsetFetchResponseTopics.class);

    private static final short FIRST_WITH_STABLE = 7;
    private static final short FIRST_WITH_GROUPS = 8;
    private static final short FIRST_WITH_MEMBER = 9;

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public short version(OffsetFetchRequest request, NegotiatedVersions versions) {
        return TOPIC_ID.version(versions.highest(ApiKeys.OFFSET_FETCH), request.topicIds(), request.partitions());
    }

    @Override
    public RequestBody body(OffsetFetchRequest request, WireSettings settings, short version) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        request.partitions()
                .forEach(partition -> topics.computeIfAbsent(partition.topic(), name -> new ArrayList<>())
                        .add(partition.partition()));
        OffsetFetchRequestData data = new OffsetFetchRequestData();
        if (version >= FIRST_WITH_STABLE) {
            data.setRequireStable(true);
        } else if (settings.needsStableOffsets()) {
            throw new UnsupportedVersionException("OffsetFetch v" + version + " is the newest version this broker"
                    + " knows, and it cannot hold back offsets of transactions that have not ended (v"
                    + FIRST_WITH_STABLE + ", Kafka 2.5). Update the brokers.");
        }
        if (version < FIRST_WITH_GROUPS) {
            List<OffsetFetchRequestTopic> asked = new ArrayList<>();
            topics.forEach((name, partitions) ->
                    asked.add(new OffsetFetchRequestTopic().setName(name).setPartitionIndexes(partitions)));
            return RequestBody.of(data.setGroupId(request.identity().groupId()).setTopics(asked), version);
        }
        List<OffsetFetchRequestTopics> asked = new ArrayList<>();
        topics.forEach((name, partitions) ->
                asked.add(topic(name, request.topicIds(), version).setPartitionIndexes(partitions)));
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup()
                .setGroupId(request.identity().groupId())
                .setTopics(asked);
        if (version >= FIRST_WITH_MEMBER && !request.identity().memberId().isEmpty()) {
            group.setMemberId(request.identity().memberId())
                    .setMemberEpoch(request.identity().epoch());
        }
        return RequestBody.of(data.setGroups(List.of(group)), version);
    }

    private static OffsetFetchRequestTopics topic(String name, Map<String, Uuid> topicIds, short version) {
        OffsetFetchRequestTopics topic = new OffsetFetchRequestTopics();
        if (version <= TopicIdField.LAST_BY_NAME) {
            return topic.setName(name);
        }
        TOPIC_ID.set(topic, topicIds.getOrDefault(name, Uuid.ZERO_UUID));
        return topic;
    }

    @Override
    public OffsetFetchResponse read(OffsetFetchRequest request, Response response) {
        OffsetFetchResponseData data = new OffsetFetchResponseData(response.readable(), response.version());
        Map<TopicPartition, Found> found = new LinkedHashMap<>();
        if (response.version() < FIRST_WITH_GROUPS) {
            data.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> found.put(
                                    new TopicPartition(topic.name(), partition.partitionIndex()),
                                    found(
                                            partition.errorCode(),
                                            partition.committedOffset(),
                                            partition.committedLeaderEpoch(),
                                            partition.metadata()))));
            return response(data.throttleTimeMs(), data.errorCode(), found);
        }
        if (data.groups().isEmpty()) {
            throw new MalformedResponseException("an answer about no group");
        }
        OffsetFetchResponseGroup group = data.groups().get(0);
        Map<Uuid, String> names = TopicIdField.names(request.topicIds());
        for (OffsetFetchResponseTopics topic : group.topics()) {
            String name = response.version() <= TopicIdField.LAST_BY_NAME
                    ? topic.name()
                    : TopicIdField.name(names, TOPIC_ID.get(topic));
            topic.partitions()
                    .forEach(partition -> found.put(
                            new TopicPartition(name, partition.partitionIndex()),
                            found(
                                    partition.errorCode(),
                                    partition.committedOffset(),
                                    partition.committedLeaderEpoch(),
                                    partition.metadata())));
        }
        return response(data.throttleTimeMs(), group.errorCode(), found);
    }

    private static Found found(short errorCode, long offset, int leaderEpoch, String metadata) {
        return new Found(BrokerError.forCode(errorCode), errorCode, offset, leaderEpoch, metadata);
    }

    private static OffsetFetchResponse response(int throttleTimeMs, short errorCode, Map<TopicPartition, Found> found) {
        return new OffsetFetchResponse(throttleTimeMs, BrokerError.forCode(errorCode), errorCode, found);
    }
}
