package dev.surefoot.wire;

import dev.surefoot.core.engine.TopicIdExchange.TopicIdsRequest;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsResponse;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** Metadata of topics that are named by their ids (KIP-516). */
final class TopicIdsApi implements BrokerApi<TopicIdsRequest, TopicIdsResponse> {
    /** Versions 10 and 11 have the field for the id, but their brokers do not read it. */
    private static final short FIRST_BY_ID = 12;

    @Override
    public ApiKeys key() {
        return ApiKeys.METADATA;
    }

    @Override
    public short version(TopicIdsRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.METADATA, FIRST_BY_ID);
    }

    @Override
    public RequestBody body(TopicIdsRequest request, WireSettings settings, short version) {
        List<MetadataRequestTopic> topics = new ArrayList<>();
        for (Uuid id : request.topicIds()) {
            topics.add(new MetadataRequestTopic().setName(null).setTopicId(id));
        }
        return RequestBody.of(new MetadataRequestData().setTopics(topics).setAllowAutoTopicCreation(false), version);
    }

    @Override
    public TopicIdsResponse read(TopicIdsRequest request, Response response) {
        return new TopicIdsResponse(MetadataApi.answer(response));
    }
}
