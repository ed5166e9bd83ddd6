package dev.surefoot.bench.partitions;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * The only broker of a measurement. Before each fetch of its session it appends one batch to each of the partitions
 * that change. The answer contains those, and what the request has added to the session. Its time is not measured.
 */
final class ScriptedBroker {
    static final int NODE_ID = 0;
    static final int LEADER_EPOCH = 5;

    private static final int SESSION_ID = 4711;
    private static final int RECORDS_OF_A_BATCH = 10;
    private static final int VALUE_BYTES = 100;
    private static final short NO_ERROR = 0;
    private static final int NO_NODE = -1;

    private final Layout layout;
    private final byte[] batch = batch();
    private final long[] logEnds;
    private final boolean[] inSession;
    private long fetches;
    private ByteBuffer memory = ByteBuffer.allocateDirect(64 * 1024);

    ScriptedBroker(Layout layout) {
        this.layout = layout;
        this.logEnds = new long[layout.partitions()];
        this.inSession = new boolean[layout.partitions()];
    }

    private static byte[] batch() {
        SimpleRecord[] records = IntStream.range(0, RECORDS_OF_A_BATCH)
                .mapToObj(i -> new SimpleRecord(1_700_000_000_000L + i, null, new byte[VALUE_BYTES]))
                .toArray(SimpleRecord[]::new);
        ByteBuffer written = MemoryRecords.withRecords(0L, Compression.NONE, LEADER_EPOCH, records)
                .buffer();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    /** Returns the batch at this offset. The checksum does not cover the offset, so a broker can set it. */
    private MemoryRecords batchAt(long offset) {
        ByteBuffer copy = ByteBuffer.wrap(batch.clone());
        copy.putLong(0, offset);
        return MemoryRecords.readableRecords(copy);
    }

    /**
     * Answers a request.
     *
     * @param frame the request behind its length prefix
     * @return the response behind its length prefix; that to a fetch in direct memory, which the next one overwrites
     */
    ByteBuffer answer(ByteBuffer frame) {
        RequestHeader header = RequestHeader.parse(frame);
        ByteBufferAccessor body = new ByteBufferAccessor(frame);
        ApiMessage answer =
                switch (header.apiKey()) {
                    case API_VERSIONS -> versions();
                    case METADATA -> metadata();
                    case LIST_OFFSETS -> offsets(new ListOffsetsRequestData(body, header.apiVersion()));
                    case FETCH -> fetch(new FetchRequestData(body, header.apiVersion()));
                    default -> throw new IllegalArgumentException("no script for " + header);
                };
        return response(header, answer);
    }

    private ByteBuffer response(RequestHeader request, ApiMessage body) {
        short version = request.apiVersion();
        short headerVersion = request.apiKey().responseHeaderVersion(version);
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(request.correlationId());
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = header.size(cache, headerVersion) + body.size(cache, version);
        ByteBuffer frame = request.apiKey() == ApiKeys.FETCH ? memory(size) : ByteBuffer.allocate(size);
        ByteBufferAccessor out = new ByteBufferAccessor(frame);
        header.write(out, cache, headerVersion);
        body.write(out, cache, version);
        return frame.flip();
    }

    private ByteBuffer memory(int size) {
        if (memory.capacity() < size) {
            memory = ByteBuffer.allocateDirect(size);
        }
        return memory.clear();
    }

    private static ApiVersionsResponseData versions() {
        ApiVersionsResponseData data = new ApiVersionsResponseData();
        for (ApiKeys api : List.of(ApiKeys.FETCH, ApiKeys.METADATA, ApiKeys.LIST_OFFSETS)) {
            data.apiKeys()
                    .add(new ApiVersionsResponseData.ApiVersion()
                            .setApiKey(api.id)
                            .setMinVersion(api.oldestVersion())
                            .setMaxVersion(api.latestVersion(false)));
        }
        return data;
    }

    private MetadataResponseData metadata() {
        MetadataResponseData data = new MetadataResponseData().setClusterId("scripted");
        data.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(NODE_ID)
                        .setHost("broker")
                        .setPort(9092));
        for (int topic = 0; topic < layout.topics(); topic++) {
            List<MetadataResponsePartition> partitions = IntStream.range(0, layout.partitionsOf(topic))
                    .mapToObj(place -> new MetadataResponsePartition()
                            .setPartitionIndex(place)
                            .setLeaderId(NODE_ID)
                            .setLeaderEpoch(LEADER_EPOCH)
                            .setReplicaNodes(List.of(NODE_ID))
                            .setIsrNodes(List.of(NODE_ID)))
                    .toList();
            data.topics()
                    .add(new MetadataResponseTopic()
                            .setName(layout.topicName(topic))
                            .setTopicId(layout.topicId(topic))
                            .setPartitions(partitions));
        }
        return data;
    }

    private static ListOffsetsResponseData offsets(ListOffsetsRequestData asked) {
        List<ListOffsetsTopicResponse> topics = new ArrayList<>();
        asked.topics()
                .forEach(topic -> topics.add(new ListOffsetsTopicResponse()
                        .setName(topic.name())
                        .setPartitions(topic.partitions().stream()
                                .map(partition -> new ListOffsetsPartitionResponse()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setOffset(0)
                                        .setLeaderEpoch(NO_NODE))
                                .toList())));
        return new ListOffsetsResponseData().setTopics(topics);
    }

    private FetchResponseData fetch(FetchRequestData asked) {
        boolean full = asked.sessionEpoch() == 0;
        asked.forgottenTopicsData()
                .forEach(topic -> topic.partitions()
                        .forEach(place -> inSession[layout.number(layout.topicOf(topic.topicId()), place)] = false));
        Map<Integer, MemoryRecords> served = new LinkedHashMap<>();
        if (!full) {
            for (int number : layout.changedBefore(fetches++)) {
                if (inSession[number]) {
                    served.put(number, batchAt(logEnds[number]));
                    logEnds[number] += RECORDS_OF_A_BATCH;
                }
            }
        }
        asked.topics()
                .forEach(topic -> topic.partitions().forEach(partition -> {
                    int number = layout.number(layout.topicOf(topic.topicId()), partition.partition());
                    if (full || !inSession[number]) {
                        inSession[number] = true;
                        served.putIfAbsent(number, MemoryRecords.EMPTY);
                    }
                }));
        return new FetchResponseData().setSessionId(SESSION_ID).setResponses(byTopic(served));
    }

    private List<FetchableTopicResponse> byTopic(Map<Integer, MemoryRecords> served) {
        Map<Uuid, FetchableTopicResponse> topics = new LinkedHashMap<>();
        served.forEach((number, records) -> {
            Uuid id = layout.topicId(number / Layout.PARTITIONS_OF_A_TOPIC);
            topics.computeIfAbsent(id, new FetchableTopicResponse()::setTopicId)
                    .partitions()
                    .add(new FetchResponseData.PartitionData()
                            .setPartitionIndex(number % Layout.PARTITIONS_OF_A_TOPIC)
                            .setErrorCode(NO_ERROR)
                            .setHighWatermark(logEnds[number])
                            .setLastStableOffset(logEnds[number])
                            .setLogStartOffset(0)
                            .setRecords(records));
        });
        return new ArrayList<>(topics.values());
    }
}
