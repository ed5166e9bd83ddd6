package dev.surefoot.wire;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.error.BrokerError;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** Metadata. Turns an answer of any version into the core's value. */
final class MetadataApi implements BrokerApi<MetadataRequest, MetadataResponse> {
    /** The first version in which a request can forbid the creation of topics. */
    private static final short FIRST_WITHOUT_CREATION = 4;

    @Override
    public ApiKeys key() {
        return ApiKeys.METADATA;
    }

    @Override
    public short version(MetadataRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.METADATA);
    }

    @Override
    public RequestBody body(MetadataRequest request, WireSettings settings, short version) {
        return RequestBody.of(data(request.query(), version), version);
    }

    private static MetadataRequestData data(MetadataQuery query, short version) {
        if (!query.allowAutoTopicCreation() && version < FIRST_WITHOUT_CREATION) {
            throw new UnsupportedVersionException("Metadata v" + version + " is the newest version this broker knows,"
                    + " and it may create the topics it is asked about, which allow.auto.create.topics=false forbids");
        }
        MetadataRequestData data = new MetadataRequestData().setAllowAutoTopicCreation(query.allowAutoTopicCreation());
        if (query.topics() == null) {
            // In v0 an empty list stands for all topics; in later versions it is null.
            return data.setTopics(version == 0 ? List.of() : null);
        }
        List<MetadataRequestTopic> topics = new ArrayList<>(query.topics().size());
        query.topics().forEach(topic -> topics.add(new MetadataRequestTopic().setName(topic)));
        return data.setTopics(topics);
    }

    @Override
    public MetadataResponse read(MetadataRequest request, Response response) {
        return new MetadataResponse(answer(response));
    }

    /** Reads the answer to a request that names topics by name or by id. */
    static MetadataAnswer answer(Response response) {
        MetadataResponseData data = new MetadataResponseData(response.readable(), response.version());
        List<Node> brokers = new ArrayList<>();
        data.brokers()
                .forEach(broker -> brokers.add(new Node(broker.nodeId(), broker.host(), broker.port(), broker.rack())));
        List<TopicMetadata> topics = new ArrayList<>();
        for (MetadataResponseTopic topic : data.topics()) {
            // From v12 on the name of an unknown topic that was requested by id is missing.
            @Nullable String name = topic.name();
            if (name != null) {
                topics.add(new TopicMetadata(
                        name,
                        topic.topicId(),
                        BrokerError.forCode(topic.errorCode()),
                        topic.isInternal(),
                        partitions(topic),
                        topic.errorCode()));
            }
        }
        return new MetadataAnswer(
                BrokerError.forCode(data.errorCode()), data.throttleTimeMs(), data.clusterId(), brokers, topics);
    }

    private static List<PartitionMetadata> partitions(MetadataResponseTopic topic) {
        List<PartitionMetadata> partitions = new ArrayList<>(topic.partitions().size());
        for (MetadataResponsePartition partition : topic.partitions()) {
            partitions.add(new PartitionMetadata(
                    partition.partitionIndex(),
                    BrokerError.forCode(partition.errorCode()),
                    partition.leaderId(),
                    partition.leaderEpoch(),
                    List.copyOf(partition.replicaNodes()),
                    List.copyOf(partition.isrNodes()),
                    List.copyOf(partition.offlineReplicas())));
        }
        return partitions;
    }
}
