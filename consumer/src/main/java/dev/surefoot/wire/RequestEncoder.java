package dev.surefoot.wire;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.Request;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Writes requests: the Fetch body with our own codec, everything else with Kafka's generated messages. Immutable. */
public final class RequestEncoder {
    /** What the client calls itself (KIP-511). */
    private static final String SOFTWARE_NAME = "surefoot";

    /** The replica id of a client that is no broker. */
    private static final int CONSUMER_REPLICA_ID = -1;

    /** The first Metadata version that can keep a broker from creating the topics it is asked about. */
    private static final short METADATA_FIRST_WITHOUT_CREATION = 4;

    private final String clientId;
    private final FetchSettings fetchSettings;
    private final int requestTimeoutMs;

    /** @param requestTimeoutMs tells a broker how long to search remote storage for an offset (KIP-1075) */
    public RequestEncoder(String clientId, FetchSettings fetchSettings, int requestTimeoutMs) {
        this.clientId = clientId;
        this.fetchSettings = fetchSettings;
        this.requestTimeoutMs = requestTimeoutMs;
    }

    /**
     * Writes a request.
     *
     * @throws UnsupportedVersionException if the broker has no version that can say this
     */
    public EncodedRequest encode(Request request, NegotiatedVersions versions, int correlationId) {
        if (request instanceof Request.Fetch fetch) {
            return fetch(fetch, versions.fetch(fetch.plan().byTopicId()), correlationId);
        }
        if (request instanceof Request.Metadata metadata) {
            short version = versions.metadata();
            return message(ApiKeys.METADATA, metadata(metadata.query(), version), version, correlationId);
        }
        if (request instanceof Request.ListOffsets offsets) {
            return message(ApiKeys.LIST_OFFSETS, listOffsets(offsets.query()), versions.listOffsets(), correlationId);
        }
        if (request instanceof Request.OffsetForLeaderEpoch epochs) {
            return message(
                    ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                    offsetForLeaderEpoch(epochs.query()),
                    versions.offsetForLeaderEpoch(),
                    correlationId);
        }
        throw new IllegalArgumentException("No way is known to write " + request);
    }

    /** Writes the question that opens every connection. */
    public EncodedRequest encodeApiVersions(short version, int correlationId) {
        ApiVersionsRequestData data = new ApiVersionsRequestData()
                .setClientSoftwareName(SOFTWARE_NAME)
                .setClientSoftwareVersion(softwareVersion());
        return message(ApiKeys.API_VERSIONS, data, version, correlationId);
    }

    private static String softwareVersion() {
        String version = RequestEncoder.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private EncodedRequest fetch(Request.Fetch fetch, short version, int correlationId) {
        int size = FetchRequestCodec.size(fetch.plan(), fetchSettings, version);
        ByteBuffer frame = frame(ApiKeys.FETCH, version, correlationId, size);
        FetchRequestCodec.write(fetch.plan(), fetch.maxBytes(), fetchSettings, version, frame);
        return encoded(ApiKeys.FETCH, version, correlationId, frame);
    }

    private static MetadataRequestData metadata(MetadataQuery query, short version) {
        if (!query.allowAutoTopicCreation() && version < METADATA_FIRST_WITHOUT_CREATION) {
            throw new UnsupportedVersionException("Metadata v" + version + " is the newest version this broker knows,"
                    + " and it may create the topics it is asked about, which allow.auto.create.topics=false forbids");
        }
        MetadataRequestData data = new MetadataRequestData().setAllowAutoTopicCreation(query.allowAutoTopicCreation());
        if (query.topics() == null) {
            // In v0 an empty list stands for all topics; later versions say null.
            return data.setTopics(version == 0 ? List.of() : null);
        }
        List<MetadataRequestTopic> topics = new ArrayList<>(query.topics().size());
        query.topics().forEach(topic -> topics.add(new MetadataRequestTopic().setName(topic)));
        return data.setTopics(topics);
    }

    private ListOffsetsRequestData listOffsets(ListOffsetsQuery query) {
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
                .setReplicaId(CONSUMER_REPLICA_ID)
                .setIsolationLevel(isolation.id())
                .setTimeoutMs(requestTimeoutMs)
                .setTopics(new ArrayList<>(topics.values()));
    }

    private static OffsetForLeaderEpochRequestData offsetForLeaderEpoch(OffsetForLeaderEpochQuery query) {
        Map<String, OffsetForLeaderTopic> topics = new LinkedHashMap<>();
        query.partitions()
                .forEach((partition, of) -> topics.computeIfAbsent(
                                partition.topic(), name -> new OffsetForLeaderTopic().setTopic(name))
                        .partitions()
                        .add(new OffsetForLeaderPartition()
                                .setPartition(partition.partition())
                                .setCurrentLeaderEpoch(of.currentLeaderEpoch())
                                .setLeaderEpoch(of.leaderEpoch())));
        OffsetForLeaderEpochRequestData data = new OffsetForLeaderEpochRequestData().setReplicaId(CONSUMER_REPLICA_ID);
        // A Collection to the compiler: the class that declares this one's own add has moved within Kafka.
        Collection<OffsetForLeaderTopic> asked = data.topics();
        asked.addAll(topics.values());
        return data;
    }

    private EncodedRequest message(ApiKeys api, ApiMessage body, short version, int correlationId) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer frame = frame(api, version, correlationId, body.size(cache, version));
        body.write(new ByteBufferAccessor(frame), cache, version);
        return encoded(api, version, correlationId, frame);
    }

    /** A buffer for a whole frame with its length prefix and header written, positioned at the body. */
    private ByteBuffer frame(ApiKeys api, short version, int correlationId, int bodySize) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId(clientId);
        short headerVersion = api.requestHeaderVersion(version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = Math.addExact(header.size(cache, headerVersion), bodySize);
        ByteBuffer frame = ByteBuffer.allocate(Math.addExact(Integer.BYTES, size));
        frame.putInt(size);
        header.write(new ByteBufferAccessor(frame), cache, headerVersion);
        return frame;
    }

    private static EncodedRequest encoded(ApiKeys api, short version, int correlationId, ByteBuffer frame) {
        if (frame.hasRemaining()) {
            throw new IllegalStateException(api.name + " v" + version + " was announced with " + frame.limit()
                    + " bytes but wrote " + frame.position());
        }
        frame.flip();
        return new EncodedRequest(api, version, correlationId, frame, frame.limit());
    }
}
